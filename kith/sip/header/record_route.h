#pragma once

#include "kith/sip/shape/name_addr.h"

namespace kith::sip {

/// Record-Route = name-addr *( SEMI rr-param ) *( COMMA name-addr *( SEMI rr-param ) )
/// RFC 3261 §20.30
struct RecordRouteName {
  static constexpr HeaderName name{.full = "Record-Route", .multi = true};
  static constexpr Brackets brackets = Brackets::required;
};
using RecordRoute = NameAddr<RecordRouteName, std::string>;
using RecordRouteView = RecordRoute::View;
static_assert(Header<RecordRoute>);

}  // namespace kith::sip
