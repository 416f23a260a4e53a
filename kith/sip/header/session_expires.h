#pragma once

#include "kith/sip/shape/delta_seconds.h"

namespace kith::sip {

/// Session-Expires = delta-seconds *( SEMI ( refresher-param / generic-param ) )
/// refresher-param = "refresher" EQUAL ( "uas" / "uac" )
/// RFC 4028 §4: seconds after which the session ends if nobody refreshes it. Below 90 it can be
/// read, and is answered 422 (RFC 4028 §6); check() says so.
struct SessionExpiresName {
  static constexpr HeaderName name{.full = "Session-Expires", .compact = 'x'};
  static constexpr bool has_refresher = true;
};
using SessionExpires = DeltaSeconds<SessionExpiresName, std::string>;
using SessionExpiresView = SessionExpires::View;
static_assert(Header<SessionExpires>);

}  // namespace kith::sip
