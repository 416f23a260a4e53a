#pragma once

#include "kith/sip/shape/name_addr.h"

namespace kith::sip {

/// Service-Route = sr-value *( COMMA sr-value )
/// sr-value = name-addr *( SEMI rr-param )
/// RFC 3608 §5
struct ServiceRouteName {
  static constexpr HeaderName name{.full = "Service-Route", .multi = true};
  static constexpr Brackets brackets = Brackets::required;
};
using ServiceRoute = NameAddr<ServiceRouteName, std::string>;
using ServiceRouteView = ServiceRoute::View;
static_assert(Header<ServiceRoute>);

}  // namespace kith::sip
