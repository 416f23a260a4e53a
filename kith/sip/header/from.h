#pragma once

#include <array>

#include "kith/sip/shape/name_addr.h"

namespace kith::sip {

/// From = ( name-addr / addr-spec ) *( SEMI ( tag-param / generic-param ) )
/// RFC 3261 §20.20
struct FromName {
  static constexpr HeaderName name{.full = "From", .compact = 'f'};
  static constexpr Brackets brackets = Brackets::optional;
  static constexpr std::array rules{NamedRule{"tag", is_token}};
};
using From = NameAddr<FromName, std::string>;
using FromView = From::View;
static_assert(Header<From>);

}  // namespace kith::sip
