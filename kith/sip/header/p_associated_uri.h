#pragma once

#include "kith/sip/shape/name_addr.h"

namespace kith::sip {

/// P-Associated-URI = [ name-addr *( SEMI generic-param ) ] *( COMMA … )
/// RFC 7315 §5.1: what else the user may be called; empty if nothing else
struct PAssociatedUriName {
  static constexpr HeaderName name{.full = "P-Associated-URI", .multi = true, .may_be_empty = true};
  static constexpr Brackets brackets = Brackets::required;
};
using PAssociatedUri = NameAddr<PAssociatedUriName, std::string>;
using PAssociatedUriView = PAssociatedUri::View;
static_assert(Header<PAssociatedUri>);

}  // namespace kith::sip
