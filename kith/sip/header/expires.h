#pragma once

#include "kith/sip/shape/seconds.h"

namespace kith::sip {

/// Expires = delta-seconds
/// RFC 3261 §20.19
struct ExpiresName {
  static constexpr HeaderName name{.full = "Expires"};
  static constexpr bool saturates = true;
};
using Expires = Seconds<ExpiresName>;
static_assert(Header<Expires>);

}  // namespace kith::sip
