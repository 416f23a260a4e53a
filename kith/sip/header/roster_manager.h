#pragma once

#include "kith/sip/shape/name_addr.h"

namespace kith::sip {

/// Roster-Manager = ( name-addr / addr-spec ) *( SEMI generic-param )
/// Who may add to a conversation of several. Not in [MS-SIP]: as clients of 2005 send it
struct RosterManagerName {
  static constexpr HeaderName name{.full = "Roster-Manager"};
  static constexpr Brackets brackets = Brackets::optional;
};
using RosterManager = NameAddr<RosterManagerName, std::string>;
using RosterManagerView = RosterManager::View;
static_assert(Header<RosterManager>);

}  // namespace kith::sip
