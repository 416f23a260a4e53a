#pragma once

#include "kith/sip/shape/name_addr.h"

namespace kith::sip {

/// P-Preferred-Identity = ( name-addr / addr-spec ) *( COMMA ( name-addr / addr-spec ) )
/// RFC 3325 §9.2
struct PPreferredIdentityName {
  static constexpr HeaderName name{.full = "P-Preferred-Identity", .multi = true};
  static constexpr Brackets brackets = Brackets::optional;
  static constexpr bool has_no_params = true;
};
using PPreferredIdentity = NameAddr<PPreferredIdentityName, std::string>;
using PPreferredIdentityView = PPreferredIdentity::View;
static_assert(Header<PPreferredIdentity>);

}  // namespace kith::sip
