#pragma once

#include <algorithm>
#include <cstdint>

#include "kith/base/time.h"

namespace kith::dialog {

/// When to send again what waits for an acknowledgement: after `first`, then each time twice as
/// long, at most `longest`, until `patience` is over. A 2xx to INVITE until its ACK (RFC 3261
/// §13.3.1.4), a reliable provisional response until its PRACK (RFC 3262 §3).
class Repetition {
 public:
  enum class Due : std::uint8_t { nothing, again, over };

  Repetition(Duration first, Duration longest, Duration patience, Time now)
      : pause_(first), longest_(longest), again_(now + first), over_(now + patience) {}

  Time next() const { return std::min(again_, over_); }

  /// What the time has come for; `again` counts as sent.
  Due due(Time now) {
    if (over_ <= now) return Due::over;
    if (again_ > now) return Due::nothing;
    pause_ = std::min(2 * pause_, longest_);
    again_ = now + pause_;
    return Due::again;
  }

 private:
  Duration pause_;
  Duration longest_;
  Time again_;
  Time over_;
};

}  // namespace kith::dialog
