#pragma once

#include "kith/sip/shape/seconds.h"

namespace kith::sip {

/// Flow-Timer = 1*DIGIT
/// RFC 5626 §10: seconds after which the server takes a silent flow for dead
struct FlowTimerName {
  static constexpr HeaderName name{.full = "Flow-Timer"};
};
using FlowTimer = Seconds<FlowTimerName>;
static_assert(Header<FlowTimer>);

}  // namespace kith::sip
