#include "kith/auth/replay_window.h"

#include <doctest/doctest.h>

#include <limits>
#include <utility>
#include <vector>

using kith::auth::ReplayWindow;

namespace {

using Step = std::pair<std::uint32_t, bool>;

void play(const std::vector<Step>& steps) {
  ReplayWindow window;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    CAPTURE(i);
    CAPTURE(steps[i].first);
    CHECK(window.accept(steps[i].first) == steps[i].second);
  }
}

}  // namespace

TEST_CASE("SIP-AUTH-34: the window is 256 numbers wide and at first 1 to 256") {
  play({{256, true}, {1, true}, {255, true}, {0, false}});
  play({{200, true}, {1, true}, {199, true}, {256, true}, {2, true}});
  play({{1, true}, {2, true}, {3, true}});
}

TEST_CASE("SIP-AUTH-35: a higher number moves the window up to itself and is used") {
  play({{1, true}, {257, true}, {257, false}, {2, true}, {1, false}});
  play({{300, true}, {45, true}, {44, false}, {301, true}, {45, false}, {46, true}});
  play({{10, true}, {10'000, true}, {10'000 - 255, true}, {10'000 - 256, false}});
}

TEST_CASE("SIP-AUTH-36: a number seen before inside the window is a replay") {
  play(
      {{1, true}, {1, false}, {5, true}, {3, true}, {3, false}, {5, false}, {4, true}, {4, false}});
  play({{7, true}, {262, true}, {7, false}, {263, true}, {8, true}});
}

TEST_CASE("SIP-AUTH-37: a number below the window is dropped, seen or not") {
  play({{1000, true}, {744, false}, {745, true}, {1, false}});
}

TEST_CASE("SIP-AUTH-38: marks of numbers that left the window do not shadow new ones") {
  ReplayWindow window;
  for (std::uint32_t n = 1; n <= 2000; ++n) CHECK(window.accept(n));
  for (std::uint32_t n = 1; n <= 2000; ++n) CHECK_FALSE(window.accept(n));
  CHECK(window.accept(2100));
  for (std::uint32_t n = 2001; n < 2100; ++n) CHECK(window.accept(n));
}

TEST_CASE("SIP-AUTH-31: the highest 32-bit number is an end, not a beginning") {
  constexpr std::uint32_t last = std::numeric_limits<std::uint32_t>::max();
  play({{last - 1, true}, {last, true}, {last, false}, {last - 2, true}, {1, false}});
}
