#include "server/log/rate_limit.h"

#include <doctest/doctest.h>

#include "server/log/limits.h"

namespace kith::log {
namespace {

using limits::lines_per_second_max;
using Said = std::vector<RateLimit::HeldBack>;

std::uint64_t admitted(RateLimit& limit, std::string_view event, std::uint64_t lines, Time now) {
  std::uint64_t written = 0;
  for (std::uint64_t i = 0; i < lines; ++i) written += limit.admit(event, now) ? 1U : 0U;
  return written;
}

}  // namespace

TEST_CASE("of one event so many lines a second are written, of each other one as many") {
  RateLimit limit;
  const Time start = Time{} + 1h;
  CHECK(admitted(limit, "a", lines_per_second_max, start) == lines_per_second_max);
  CHECK(admitted(limit, "a", 5, start + 999ms) == 0);
  CHECK(admitted(limit, "b", lines_per_second_max + 1, start) == lines_per_second_max);
}

TEST_CASE("how many were held back is said once, when their second is over") {
  RateLimit limit;
  const Time start = Time{} + 1h;
  admitted(limit, "a", lines_per_second_max + 7, start);
  admitted(limit, "b", lines_per_second_max, start);
  CHECK(limit.over(start + 999ms).empty());
  CHECK(limit.over(start + 1s) == Said{{"a", 7}});
  CHECK(limit.over(start + 5s).empty());
  CHECK(admitted(limit, "a", lines_per_second_max + 1, start + 5s) == lines_per_second_max);
  CHECK(limit.over(start + 6s) == Said{{"a", 1}});
}

TEST_CASE("what is slow enough is never held back") {
  RateLimit limit;
  Time now = Time{} + 1h;
  for (std::uint64_t i = 0; i < 10 * lines_per_second_max; ++i) {
    CHECK(limit.admit("a", now));
    CHECK(limit.over(now).empty());
    now += Duration{1s} / static_cast<int>(lines_per_second_max);
  }
}

}  // namespace kith::log
