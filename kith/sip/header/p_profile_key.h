#pragma once

#include "kith/sip/shape/name_addr.h"

namespace kith::sip {

/// P-Profile-Key = ( name-addr / addr-spec ) *( SEMI generic-param )
/// RFC 5002 §5: the key of the profile of the destination, perhaps with a wildcard,
/// which is a regular expression between exclamation marks
struct PProfileKeyName {
  static constexpr HeaderName name{.full = "P-Profile-Key"};
  static constexpr Brackets brackets = Brackets::optional;
};
using PProfileKey = NameAddr<PProfileKeyName, std::string>;
using PProfileKeyView = PProfileKey::View;
static_assert(Header<PProfileKey>);

}  // namespace kith::sip
