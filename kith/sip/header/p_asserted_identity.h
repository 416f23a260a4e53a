#pragma once

#include "kith/sip/shape/name_addr.h"

namespace kith::sip {

/// P-Asserted-Identity = ( name-addr / addr-spec ) *( COMMA ( name-addr / addr-spec ) )
/// RFC 3325 §9.1
struct PAssertedIdentityName {
  static constexpr HeaderName name{.full = "P-Asserted-Identity", .multi = true};
  static constexpr Brackets brackets = Brackets::optional;
  static constexpr bool has_no_params = true;
};
using PAssertedIdentity = NameAddr<PAssertedIdentityName, std::string>;
using PAssertedIdentityView = PAssertedIdentity::View;
static_assert(Header<PAssertedIdentity>);

}  // namespace kith::sip
