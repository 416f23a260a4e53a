#pragma once

#include "kith/sip/shape/name_addr.h"

namespace kith::sip {

/// Reply-To = ( name-addr / addr-spec ) *( SEMI generic-param )
/// RFC 3261 §20.31
struct ReplyToName {
  static constexpr HeaderName name{.full = "Reply-To"};
  static constexpr Brackets brackets = Brackets::optional;
};
using ReplyTo = NameAddr<ReplyToName, std::string>;
using ReplyToView = ReplyTo::View;
static_assert(Header<ReplyTo>);

}  // namespace kith::sip
