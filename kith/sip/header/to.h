#pragma once

#include <array>

#include "kith/sip/shape/name_addr.h"

namespace kith::sip {

/// To = ( name-addr / addr-spec ) *( SEMI ( tag-param / generic-param ) )
/// RFC 3261 §20.39
struct ToName {
  static constexpr HeaderName name{.full = "To", .compact = 't'};
  static constexpr Brackets brackets = Brackets::optional;
  static constexpr std::array rules{NamedRule{"tag", is_token}};
};
using To = NameAddr<ToName, std::string>;
using ToView = To::View;
static_assert(Header<To>);

}  // namespace kith::sip
