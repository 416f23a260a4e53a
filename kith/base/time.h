#pragma once

#include <chrono>

namespace kith {

using Duration = std::chrono::nanoseconds;

/// The only clock that pure rooms know: UTC since 1970 that never jumps. Whoever drives them passes
/// the time in; the server reads UTC once and lets the steady clock run on from there.
struct Clock {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<Clock>;
  static constexpr bool is_steady = true;
};

using Time = Clock::time_point;

/// Later than any deadline: "no timer is running".
inline constexpr Time never = Time::max();

using namespace std::chrono_literals;

}  // namespace kith
