#include "kith/sip/scan.h"

#include <doctest/doctest.h>

#include <array>
#include <string>

#include "kith/base/random.h"

using namespace kith;
using namespace kith::sip;

TEST_CASE("the vectorised and the portable scan give identical results on random bytes") {
  if (!have_avx2()) return;
  SeededRandom random(1);
  for (int round = 0; round < 20'000; ++round) {
    constexpr std::string_view likely = "\r\n\r\n:: aZ\x8d\x0a\x3a\xff";
    std::string text(random.below(200), 'x');
    const std::uint64_t density = 1 + random.below(40);
    for (char& c : text)
      if (random.below(density) == 0) c = likely[random.below(likely.size())];
    const std::size_t from = random.below(text.size() + 1);
    std::array<Line, 4> portable_lines{};
    std::array<Line, 4> avx2_lines{};
    const Lines portable = scan_lines_portable(text, from, portable_lines);
    const Lines avx2 = scan_lines_avx2(text, from, avx2_lines);
    CHECK((portable == avx2 && portable_lines == avx2_lines));
  }
}

TEST_CASE("lines are found up to the empty one, with their first colon") {
  std::array<Line, 4> lines{};
  const Lines found = scan_lines("ab: c:d\r\nx\n\r\nbody", 0, lines);
  CHECK(found == Lines{.count = 2, .next = 13, .stop = Lines::Stop::empty_line});
  CHECK(lines[0] == Line{0, 2, 7, false, false, true});
  CHECK(lines[1] == Line{9, 10, 10, true, false, false});
}

TEST_CASE("a scan stops where its room or its text ends, and says where to go on") {
  std::array<Line, 1> lines{};
  CHECK(scan_lines("a\r\nb\r\n\r\n", 0, lines) == Lines{1, 3, Lines::Stop::full});
  CHECK(scan_lines("a\r\nb\r\n\r\n", 3, lines) == Lines{1, 8, Lines::Stop::empty_line});
  CHECK(scan_lines("a\r\nb", 0, lines) == Lines{1, 3, Lines::Stop::text_ended});
  CHECK(scan_lines("a\r\nb\r", 0, lines) == Lines{1, 3, Lines::Stop::text_ended});
  CHECK(scan_lines("", 0, lines) == Lines{0, 0, Lines::Stop::text_ended});
}

TEST_CASE("a CR that ends no line is reported") {
  std::array<Line, 2> lines{};
  CHECK(scan_lines("a: b\rc\r\n\n", 0, lines).count == 1);
  CHECK(lines[0] == Line{0, 1, 6, false, true, false});
}

TEST_CASE("a line is plain if it has a name of up to 32 letters and hyphens, a colon and CR LF") {
  struct Case {
    std::string line;
    bool plain;
  };
  const std::string name(32, 'n');
  const std::string filler(40, ' ');  // so that the vectorised way has a block to read
  const Case cases[] = {
      {"Call-ID: a\r\n", true}, {name + ":\r\n", true},  {name + "n:\r\n", false},
      {"X_Y: a\r\n", false},    {"X1: a\r\n", false},    {"To : a\r\n", false},
      {" To: a\r\n", false},    {": a\r\n", false},      {"To\r\n", false},
      {"To: a\n", false},       {"To: a\rb\r\n", false}, {"T\xc3\x84: a\r\n", false},
      {"\r-: a\r\n", false},
  };
  for (const Case& each : cases) {
    CAPTURE(each.line);
    const std::string text = each.line + "\r\n" + filler;
    std::array<Line, 2> lines{};
    CHECK(scan_lines_portable(text, 0, lines).count == 1);
    CHECK(lines[0].plain == each.plain);
    if (!have_avx2()) continue;
    CHECK(scan_lines_avx2(text, 0, lines).count == 1);
    CHECK(lines[0].plain == each.plain);
  }
}

TEST_CASE("ends of lines and words are the same, vectorised, portable and byte by byte") {
  SeededRandom random(2);
  for (int round = 0; round < 5'000; ++round) {
    constexpr std::array<std::string_view, 10> parts{"a",  "Zz9",      "\r\n", ": ",   "-.",
                                                     "@[", "`{/:\x7f", "\xc3", "\r\n", "012345678"};
    std::string text;
    while (text.size() < 300 && random.below(50) != 0) text += parts[random.below(parts.size())];
    if (random.below(20) == 0) text += random.below(2) == 0 ? '\r' : '\n';
    text += "\r\n\r\n" + std::string(random.below(80), '\n');
    struct Found {
      std::array<std::uint32_t, line_feeds_max> feeds{};
      std::array<unsigned char, word_ends_max / 8> word_ends{};
    };
    Found portable;
    Found avx2;
    const LineFeeds found = find_ends_portable(text, portable.feeds, portable.word_ends);
    if (have_avx2()) {
      const LineFeeds same = find_ends_avx2(text, avx2.feeds, avx2.word_ends);
      CHECK((same.stop == found.stop && same.count == found.count));
      CHECK((avx2.feeds == portable.feeds && avx2.word_ends == portable.word_ends));
    }
    if (found.stop != LineFeeds::Stop::empty_line) continue;
    std::size_t count = 0;
    for (std::size_t i = 0; i <= portable.feeds[found.count - 1]; ++i) {
      if (text[i] == '\n') CHECK(portable.feeds[count++] == i);
      const bool ends_word = (portable.word_ends[i / 8] >> i % 8 & 1) != 0;
      CHECK(ends_word != is_word_char(text[i]));
    }
    CHECK(count == found.count);
    CHECK(text.find(text.starts_with("\r\n") ? "\r\n" : "\r\n\r\n") +
              (text.starts_with("\r\n") ? 2 : 4) ==
          portable.feeds[found.count - 1] + 1U);
  }
}

TEST_CASE("no end of a section is found where one is odd, missing or too far away") {
  std::array<std::uint32_t, line_feeds_max> feeds{};
  std::array<unsigned char, word_ends_max / 8> word_ends{};
  const auto stop = [&](std::string_view text) { return find_ends(text, feeds, word_ends).stop; };
  CHECK(stop("a: b\r\n\r\n") == LineFeeds::Stop::empty_line);
  CHECK(stop("a: b\r\n\r\n\n\r") == LineFeeds::Stop::empty_line);  // of a body nothing is odd
  CHECK(stop("a: b\n\r\n") == LineFeeds::Stop::odd);
  CHECK(stop("a: b\rc\r\n\r\n") == LineFeeds::Stop::odd);
  CHECK(stop("a: b\r\n\n") == LineFeeds::Stop::odd);
  CHECK(stop("a: b\r\n") == LineFeeds::Stop::text_ended);
  CHECK(stop("") == LineFeeds::Stop::text_ended);
  CHECK(stop(std::string(word_ends_max, 'a') + "\r\n\r\n") == LineFeeds::Stop::text_ended);
  std::string many;
  for (std::size_t i = 0; i <= line_feeds_max; ++i) many += "a\r\n";
  CHECK(stop(many + "\r\n") == LineFeeds::Stop::full);
}
