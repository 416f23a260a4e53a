#include "server/log/rate_limit.h"

#include "server/log/limits.h"

namespace kith::log {

bool RateLimit::admit(std::string_view event, Time now) {
  const auto [place, is_new] = events_.try_emplace(event, Second{.begins = now});
  Second& second = place->second;
  // Whoever has lines held back says so first, with over(); then the next second begins.
  const bool is_over = now - second.begins >= 1s;
  if (is_over && second.lines <= limits::lines_per_second_max) second = {.begins = now};
  return ++second.lines <= limits::lines_per_second_max;
}

std::vector<RateLimit::HeldBack> RateLimit::over(Time now) {
  std::vector<HeldBack> all;
  for (auto& [event, second] : events_) {
    if (now - second.begins < 1s || second.lines <= limits::lines_per_second_max) continue;
    all.push_back({.event = event, .lines = second.lines - limits::lines_per_second_max});
    second = {.begins = now};
  }
  return all;
}

}  // namespace kith::log
