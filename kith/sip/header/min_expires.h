#pragma once

#include "kith/sip/shape/seconds.h"

namespace kith::sip {

/// Min-Expires = delta-seconds
/// RFC 3261 §20.23
struct MinExpiresName {
  static constexpr HeaderName name{.full = "Min-Expires"};
  static constexpr bool saturates = true;
};
using MinExpires = Seconds<MinExpiresName>;
static_assert(Header<MinExpires>);

}  // namespace kith::sip
