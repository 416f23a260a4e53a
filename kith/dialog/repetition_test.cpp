#include "kith/dialog/repetition.h"

#include <doctest/doctest.h>

#include <vector>

namespace kith::dialog {
namespace {

constexpr Time start = Time{} + 1'763'689'728s;

// After how many milliseconds each repetition comes, and when it is over.
std::vector<long> times(Repetition repetition) {
  std::vector<long> at;
  while (true) {
    const Time now = repetition.next();
    const Repetition::Due due = repetition.due(now);
    at.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(now - start).count());
    if (due == Repetition::Due::over) return at;
  }
}

TEST_CASE("RFC 3261 §13.3.1.4: a 2xx is sent again after T1, twice as long each time up to T2") {
  const std::vector<long> expected{500,    1'500,  3'500,  7'500,  11'500, 15'500,
                                   19'500, 23'500, 27'500, 31'500, 32'000};
  CHECK(times(Repetition(500ms, 4s, 32s, start)) == expected);
}

TEST_CASE("RFC 3262 §3: a reliable provisional response has no longest pause") {
  const std::vector<long> expected{500, 1'500, 3'500, 7'500, 15'500, 31'500, 32'000};
  CHECK(times(Repetition(500ms, 32s, 32s, start)) == expected);
}

TEST_CASE("nothing is due before its time") {
  Repetition repetition(500ms, 4s, 32s, start);
  CHECK(repetition.due(start + 499ms) == Repetition::Due::nothing);
  CHECK(repetition.next() == start + 500ms);
}

}  // namespace
}  // namespace kith::dialog
