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
  const std::string letters(32, 'n');
  const std::string filler(40, ' ');  // so that the vectorised way has a block to read
  const Case cases[] = {
      {"Call-ID: a\r\n", true}, {letters + ":\r\n", true}, {letters + "n:\r\n", false},
      {"X_Y: a\r\n", false},    {"X1: a\r\n", false},      {"To : a\r\n", false},
      {" To: a\r\n", false},    {": a\r\n", false},        {"To\r\n", false},
      {"To: a\n", false},       {"To: a\rb\r\n", false},   {"T\xc3\x84: a\r\n", false},
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
