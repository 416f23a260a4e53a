#pragma once

#include "kith/sip/shape/name_addr.h"

namespace kith::sip {

/// Route = name-addr *( SEMI rr-param ) *( COMMA name-addr *( SEMI rr-param ) )
/// RFC 3261 §20.34
struct RouteName {
  static constexpr HeaderName name{.full = "Route", .multi = true};
  static constexpr Brackets brackets = Brackets::required;
};
using Route = NameAddr<RouteName, std::string>;
using RouteView = Route::View;
static_assert(Header<Route>);

}  // namespace kith::sip
