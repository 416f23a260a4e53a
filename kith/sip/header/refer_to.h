#pragma once

#include "kith/sip/shape/name_addr.h"

namespace kith::sip {

/// Refer-To = ( name-addr / addr-spec ) *( SEMI generic-param )
/// RFC 3515 §2.1: exactly one in a REFER. What the new request shall carry stands in the URI as its
/// headers, as "?Replaces=...", within angle brackets.
struct ReferToName {
  static constexpr HeaderName name{.full = "Refer-To", .compact = 'r'};
  static constexpr Brackets brackets = Brackets::optional;
};
using ReferTo = NameAddr<ReferToName, std::string>;
using ReferToView = ReferTo::View;
static_assert(Header<ReferTo>);

}  // namespace kith::sip
