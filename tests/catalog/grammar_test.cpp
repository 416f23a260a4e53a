// Every header, and URIs and addresses, with values made from their grammars: what an RFC calls
// legal is read in strict mode, written, and read as the same value; and text that was changed a
// little is refused, or read and then written as what was read.

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <string_view>

#include "kith/base/random.h"
#include "kith/sip/message.h"
#include "kith/sip/shape/name_addr.h"
#include "kith/sip/tel_uri.h"
#include "kith/sip/uri.h"
#include "tests/catalog/header_grammar.h"
#include "tests/catalog/mutate.h"

using namespace kith;
using grammar::Text;

namespace {

constexpr int values_each = KITH_VALUES_EACH;  // 10,000 in release; see cmake/kith_tests.cmake

template <class H>
concept HasGrammar = requires { grammar::of(grammar::For<H>{}); };
template <class... H>
constexpr bool all_have_one(sip::TypeList<H...>) {
  return (HasGrammar<H> && ...);
}
static_assert(all_have_one(sip::AllHeaders{}), "a header is missing in header_grammar.h");

/// "" if it is, or why it is not.
std::string_view refused(bool read) { return read ? "" : "is refused, though it is legal"; }

/// What is asked of anything that is read and written: `read(text, mode)` is an optional value.
template <class Read>
std::string_view turned_round(const std::string& text, Mode mode, Read read) {
  const auto value = read(text, mode);
  if (!value) return {};
  const std::string once = written(*value);
  const auto again = read(once, mode);
  if (!again) return "is written so that it cannot be read";
  // What lenient reads need not be legal, and then is not what is written.
  if (mode == Mode::strict && !(*again == *value)) return "is not the same when it is read again";
  if (written(*again) != once) return "is written differently the second time";
  return {};
}

template <class Read>
std::string_view judge(const std::string& text, Read read) {
  for (const Mode mode : {Mode::strict, Mode::lenient}) {
    const std::string_view problem = turned_round(text, mode, read);
    if (!problem.empty()) return problem;
  }
  const auto strict = read(text, Mode::strict);
  if (strict && !(read(text, Mode::lenient) == strict)) return "means something else to lenient";
  return {};
}

/// Makes values and judges them; stops at the first that is not as it should be.
template <class Grammar, class Read>
void turn_many(std::string_view name, Grammar grammar, Read read) {
  SeededRandom random(values_each);
  for (int i = 0; i < values_each; ++i) {
    Text made{random};
    grammar(made);
    std::string_view problem = refused(read(made.text, Mode::strict).has_value());
    if (problem.empty()) problem = judge(made.text, read);
    if (problem.empty()) {
      made.text = grammar::mutated(std::move(made.text), random);
      problem = judge(made.text, read);
    }
    if (problem.empty()) continue;
    FAIL_CHECK(name, ": ", problem, ": ", made.text);
    return;
  }
}

template <sip::Header H>
std::optional<H> read_header(std::string_view text, Mode mode) {
  Scanner in(text, mode, H::name.full);
  std::optional<H> header = H::parse(in);
  in.blanks();
  return in.at_end() ? header : std::nullopt;
}

template <class... H>
void turn_all(sip::TypeList<H...>) {
  (turn_many(H::name.full, grammar::of(grammar::For<H>{}), read_header<H>), ...);
}

/// Several values, on one line with COMMA between them, are those values.
template <sip::Header H>
void read_list() {
  if constexpr (H::name.multi) {
    SeededRandom random(values_each);
    for (int i = 0; i < values_each / 100; ++i) {
      Text made{random};
      std::vector<H> wanted;
      for (std::uint64_t n = 1 + random.below(3); n > 0; --n) {
        if (!made.text.empty()) grammar::sep(",")(made);
        const std::size_t from = made.text.size();
        grammar::of(grammar::For<H>{})(made);
        const auto one = read_header<H>(std::string_view{made.text}.substr(from), Mode::strict);
        REQUIRE(one);
        wanted.push_back(*one);
      }
      CAPTURE(made.text);
      const auto message = sip::Message::parse(
          "A sip:a SIP/2.0\r\n" + std::string{H::name.full} + ": " + made.text + "\r\n\r\n",
          Mode::strict);
      REQUIRE(message);
      const Result<std::vector<H>> all = message->all<H>();
      REQUIRE(all);
      CHECK(*all == wanted);
    }
  }
}

template <class... H>
void read_lists(sip::TypeList<H...>) {
  (read_list<H>(), ...);
}

std::optional<sip::Uri> read_uri(std::string_view text, Mode mode) {
  const Result<sip::Uri> uri = sip::Uri::parse(text, mode);
  return uri ? std::optional{*uri} : std::nullopt;
}

std::optional<sip::TelUri> read_tel(std::string_view text, Mode mode) {
  const Result<sip::TelUri> uri = sip::TelUri::parse(text, mode);
  return uri ? std::optional{*uri} : std::nullopt;
}

/// The order of parameters is not kept: it is written as RFC 3966 §3 wants it.
struct SameTel {
  sip::TelUri uri;
  bool operator==(const SameTel& other) const { return equivalent(uri, other.uri); }
  void write(Writer& out) const { uri.write(out); }
};

struct Address {
  std::string display_name;
  sip::Uri uri;

  void write(Writer& out) const { write_address(out, display_name, uri); }
  bool operator==(const Address&) const = default;
};

template <sip::Brackets brackets>
std::optional<Address> read_address(std::string_view text, Mode mode) {
  Scanner in(text, mode);
  std::string_view display_name;
  sip::UriView uri;
  if (!sip::read_address(in, display_name, uri, brackets) || !in.at_end()) return std::nullopt;
  return Address{sip::unquote(display_name), own(uri)};
}

}  // namespace

TEST_CASE("every header: what its grammar makes is read, written, and read as the same value") {
  turn_all(sip::AllHeaders{});
}

TEST_CASE("RFC 3261 §7.3.1: the values of a list are what each is alone") {
  read_lists(sip::AllHeaders{});
}

TEST_CASE("RFC 3261 §25.1: what the grammar of URIs makes is read, written, and the same again") {
  turn_many("sip", grammar::sip_uri, read_uri);
  turn_many("absolute", grammar::absolute_uri, read_uri);
  turn_many("tel, as any other", grammar::tel_uri, read_uri);
}

TEST_CASE("RFC 3966 §3: what the grammar of telephone numbers makes is the same again") {
  turn_many("tel", grammar::tel_uri, [](std::string_view text, Mode mode) {
    const std::optional<sip::TelUri> uri = read_tel(text, mode);
    return uri ? std::optional{SameTel{*uri}} : std::nullopt;
  });
}

TEST_CASE("RFC 3261 §19.1.4: a URI is equivalent to its normal form") {
  SeededRandom random(1);
  for (int i = 0; i < values_each; ++i) {
    Text made{random};
    grammar::any_uri(made);
    CAPTURE(made.text);
    const std::optional<sip::Uri> uri = read_uri(made.text, Mode::strict);
    REQUIRE(uri);
    const std::string normal = uri->normalized();
    CAPTURE(normal);
    const std::optional<sip::Uri> again = read_uri(normal, Mode::strict);
    REQUIRE(again);
    REQUIRE(equivalent(*again, *uri));
    REQUIRE(again->normalized() == normal);
  }
}

TEST_CASE("RFC 3261 §20.10: what the grammar of addresses makes is the same again") {
  turn_many("address", grammar::address, read_address<sip::Brackets::optional>);
  turn_many("name-addr", grammar::name_addr, read_address<sip::Brackets::required>);
}
