#pragma once

#include <compare>
#include <cstdint>

#include "kith/base/strong.h"

namespace kith::presence {

/// How well somebody can be reached: 0 to 999, more is better.
using Availability = Strong<struct AvailabilityName, std::uint16_t>;
/// What somebody does: 0 to 999, a code and not a measure.
using Activity = Strong<struct ActivityName, std::uint16_t>;

/// What the hundreds of an availability mean: [MS-SIP] §2.2.1
enum class Reach : std::uint8_t {
  none,       // below 100: no call gets through
  uncertain,  // below 200: whoever calls will find out
  connected,  // below 300: a device is there that takes calls
  near,       // the user is near such a device
};
/// The class that the number is in.
Reach reach_of(Availability availability);

/// What the ranges of an activity mean: [MS-SIP] §2.2.1
enum class Doing : std::uint8_t {
  unknown,        // below 100
  away,           // below 150, and 700 to 799
  out_to_lunch,   // below 200
  idle,           // below 300
  be_right_back,  // below 400
  active,         // below 500, and from 800
  in_a_call,      // below 600
  busy,           // below 700
};
/// The range that the number is in.
Doing doing_of(Activity activity);

/// Both numbers. They are ordered: the greater one is more available, and of two that are equally
/// available the one with the higher activity.
struct State {
  Availability availability;
  Activity activity;

  auto operator<=>(const State&) const = default;
};

}  // namespace kith::presence
