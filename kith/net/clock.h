#pragma once

#include <chrono>

#include "kith/base/time.h"

namespace kith::net {

/// UTC read once, carried on by the steady clock: it never jumps. All shards of a process share one
/// reading, so that their times compare.
struct UtcClock {
  Time utc;
  std::chrono::steady_clock::time_point steady;

  static UtcClock read() {
    return {Time{std::chrono::duration_cast<Duration>(
                std::chrono::system_clock::now().time_since_epoch())},
            std::chrono::steady_clock::now()};
  }

  Time now() const { return utc + (std::chrono::steady_clock::now() - steady); }
};

}  // namespace kith::net
