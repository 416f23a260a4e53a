#pragma once

#include "kith/sip/shape/name_addr.h"

namespace kith::sip {

/// P-Called-Party-ID = name-addr *( SEMI generic-param )
/// RFC 7315 §5.2: the Request-URI as it was before the home proxy replaced it
struct PCalledPartyIdName {
  static constexpr HeaderName name{.full = "P-Called-Party-ID"};
  static constexpr Brackets brackets = Brackets::required;
};
using PCalledPartyId = NameAddr<PCalledPartyIdName, std::string>;
using PCalledPartyIdView = PCalledPartyId::View;
static_assert(Header<PCalledPartyId>);

}  // namespace kith::sip
