#pragma once

#include "kith/sip/shape/service_id.h"

namespace kith::sip {

/// P-Preferred-Service = Service-ID *( COMMA Service-ID )
/// RFC 6050 §4.2: what the user agent would like the network to assert
struct PPreferredServiceName {
  static constexpr HeaderName name{.full = "P-Preferred-Service", .multi = true};
};
using PPreferredService = ServiceId<PPreferredServiceName, std::string>;
using PPreferredServiceView = PPreferredService::View;
static_assert(Header<PPreferredService>);

}  // namespace kith::sip
