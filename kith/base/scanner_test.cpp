#include "kith/base/scanner.h"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <string>

#include "kith/base/random.h"

using namespace kith;

TEST_CASE("a run takes all members, however many there are, and nothing else") {
  for (std::size_t length = 0; length <= 20; ++length) {
    const std::string text = std::string(length, 'a') + "(b";
    Scanner in(text);
    std::string_view out;
    CHECK(in.token(out) == (length > 0));
    CHECK(out.size() == length);
    CHECK(in.peek() == '(');
    Scanner to_the_end(std::string_view{text}.substr(0, length));
    CHECK(to_the_end.run(letters).size() == length);
    CHECK(to_the_end.at_end());
  }
  CHECK((~letters)['('] == true);
  CHECK((~letters)['a'] == false);
}

TEST_CASE("a separator may have blanks around it; if it is not there, nothing is taken") {
  for (const std::string_view text : {";a", " ;a", "\t; a", ";\t a", "  ;  a"}) {
    Scanner in(text);
    CHECK(in.separator(';'));
    CHECK(in.rest() == "a");
  }
  for (const std::string_view text : {"", " ", "a;", " a;", "\r;", "\xe4;"}) {
    Scanner in(text);
    CHECK_FALSE(in.separator(';'));
    CHECK(in.rest() == text);
  }
  Scanner in("  a");
  CHECK_FALSE(in.separator(';'));
  CHECK(in.error().offset == 2);  // as far as it got
}

TEST_CASE("space wants a blank, blanks do not") {
  Scanner in("a\t b");
  CHECK_FALSE(in.space());
  in.skip(1);
  CHECK(in.space());
  in.blanks();
  CHECK(in.rest() == "b");
}

TEST_CASE("a keyword is taken in any case, and only whole") {
  Scanner in("SiP/2.0");
  CHECK_FALSE(in.keyword("SIP/2.0 "));
  CHECK_FALSE(in.keyword("SIQ/"));
  CHECK(in.keyword("SIP/"));
  CHECK(in.keyword("2.0"));
  CHECK(in.at_end());
}

TEST_CASE("a quoted-string ends at a quote that is not escaped") {
  std::string_view out;
  Scanner whole(R"("a\"b\\"c)");
  CHECK(whole.quoted(out));
  CHECK(out == R"(a\"b\\)");
  CHECK(whole.rest() == "c");
  for (const std::string_view text : {"", "a\"", "\"", "\"a", R"("a\)", R"("a\")"})
    CHECK_FALSE(Scanner(text).quoted(out));
}

template <class Number>
struct Limit {
  std::string_view most;
  std::string_view too_much;
};

template <class Number>
void check(const Limit<Number>& limit) {
  Number number = 0;
  Scanner most(limit.most);
  CHECK(most.number(number));
  CHECK(number == std::numeric_limits<Number>::max());
  CHECK(most.at_end());
  Scanner too_much(limit.too_much);
  CHECK_FALSE(too_much.number(number));
  CHECK(too_much.error().offset == limit.too_much.size() - 1);
}

TEST_CASE("a number is refused where it no longer fits") {
  check(Limit<std::uint8_t>{"255", "256"});
  check(Limit<std::uint16_t>{"65535", "65536"});
  check(Limit<std::uint32_t>{"4294967295", "4294967296"});
  check(Limit<std::uint64_t>{"18446744073709551615", "18446744073709551616"});
}

TEST_CASE("a number has digits, may begin with zeros and ends where they end") {
  std::uint32_t number = 7;
  CHECK_FALSE(Scanner("").number(number));
  CHECK_FALSE(Scanner("-1").number(number));
  CHECK(number == 7);
  for (const std::string_view text : {"42", "42a", "000000042", "0000000000042;", "42 "}) {
    Scanner in(text);
    CHECK(in.number(number));
    CHECK(number == 42);
  }
}

TEST_CASE("what is tolerated is noted, and in strict mode refused") {
  Diagnostics diagnostics;
  Scanner lenient("ab", Mode::lenient, "here", &diagnostics, 10);
  lenient.skip(1);
  CHECK(lenient.notes());
  CHECK(lenient.allow("odd"));
  CHECK(*diagnostics.begin() == Leniency{"odd", "here", 11});
  Scanner strict("ab", Mode::strict, "here", &diagnostics);
  CHECK_FALSE(strict.allow("odd"));
  CHECK(diagnostics.size() == 1);
  CHECK(Scanner("ab").allow("odd"));  // nobody listens
}

TEST_CASE("an error says how far the reading got, even after going back") {
  Scanner in("abcdef", Mode::strict, "here", nullptr, 100);
  const char* const start = in.position();
  in.skip(4);
  in.move_to(start);
  CHECK(in.error() == Error{Fault::malformed, "here", 104});
  CHECK_FALSE(in.refuse(Fault::duplicate));
  CHECK(in.error().fault == Fault::duplicate);
}

TEST_CASE("text whose word ends are known is read the same as any other") {
  SeededRandom random(3);
  constexpr std::string_view likely = "aZ09-._~%+\"\\ ,:@";
  for (int round = 0; round < 3'000; ++round) {
    std::string whole(1 + random.below(150), 'w');
    for (char& c : whole)
      if (random.below(4) == 0) c = likely[random.below(likely.size())];
    whole += '\r';
    std::array<unsigned char, 32> bits{};
    for (std::size_t i = 0; i < whole.size(); ++i)
      if (!is_word_char(whole[i])) bits[i / 8] |= static_cast<unsigned char>(1U << i % 8);
    const std::size_t begin = random.below(whole.size());
    const std::string_view part{whole.data() + begin, whole.size() - 1 - begin};
    Scanner known(WordEnds{bits.data()}, whole.data(), part, Mode::lenient, "here", nullptr);
    Scanner plain(part, Mode::lenient, "here", nullptr, begin);
    while (!plain.at_end()) {
      std::string_view known_text;
      std::string_view plain_text;
      CHECK(known.token(known_text) == plain.token(plain_text));
      CHECK(known_text == plain_text);
      CHECK(known.run(digits) == plain.run(digits));
      CHECK(known.quoted(known_text) == plain.quoted(plain_text));
      CHECK((known_text == plain_text && known.rest() == plain.rest()));
      CHECK(known.error() == plain.error());
      plain.skip(plain.at_end() ? 0 : 1);
      known.skip(known.at_end() ? 0 : 1);
    }
  }
}
