#pragma once

#include "kith/sip/shape/delta_seconds.h"

namespace kith::sip {

/// Session-Expires = delta-seconds *( SEMI ( refresher-param / generic-param ) )
/// RFC 4028 §4. A time below 90 is legal here; it is answered 422: RFC 4028 §5
struct SessionExpiresName {
  static constexpr HeaderName name{.full = "Session-Expires", .compact = 'x'};
  static constexpr bool has_refresher = true;
};
using SessionExpires = DeltaSeconds<SessionExpiresName, std::string>;
using SessionExpiresView = SessionExpires::View;
static_assert(Header<SessionExpires>);

}  // namespace kith::sip
