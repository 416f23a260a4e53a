#pragma once

#include "kith/sip/shape/name_addr.h"

namespace kith::sip {

/// Permission-Missing = per-miss-spec *( COMMA per-miss-spec )
/// per-miss-spec = ( name-addr / addr-spec ) *( SEMI generic-param )
/// RFC 5360 §5.9.3
struct PermissionMissingName {
  static constexpr HeaderName name{.full = "Permission-Missing", .multi = true};
  static constexpr Brackets brackets = Brackets::optional;
};
using PermissionMissing = NameAddr<PermissionMissingName, std::string>;
using PermissionMissingView = PermissionMissing::View;
static_assert(Header<PermissionMissing>);

}  // namespace kith::sip
