#pragma once

#include "kith/sip/shape/name_addr.h"

namespace kith::sip {

/// P-Preferred-Registrar = ( name-addr / addr-spec ) *( SEMI generic-param )
/// Where a user who was moved registers now; it comes with the NOTIFY of [MS-SIPREGE] §3.2, of
/// later servers, that says preferred-registrar-change. The grammar is the widest that fits.
struct PPreferredRegistrarName {
  static constexpr HeaderName name{.full = "P-Preferred-Registrar"};
  static constexpr Brackets brackets = Brackets::optional;
};
using PPreferredRegistrar = NameAddr<PPreferredRegistrarName, std::string>;
using PPreferredRegistrarView = PPreferredRegistrar::View;
static_assert(Header<PPreferredRegistrar>);

}  // namespace kith::sip
