#pragma once

#include "kith/sip/shape/name_addr.h"

namespace kith::sip {

/// EndPoints = ( name-addr / addr-spec ) *( SEMI generic-param ) *( COMMA … )
/// Who takes part in a conversation of several, each device with its epid. Not in [MS-SIP]: as
/// clients of 2005 send it with Require: com.microsoft.rtc-multiparty
struct EndpointsName {
  static constexpr HeaderName name{.full = "EndPoints", .multi = true};
  static constexpr Brackets brackets = Brackets::optional;
};
using Endpoints = NameAddr<EndpointsName, std::string>;
using EndpointsView = Endpoints::View;
static_assert(Header<Endpoints>);

}  // namespace kith::sip
