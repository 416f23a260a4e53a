#pragma once

#include "kith/sip/shape/service_id.h"

namespace kith::sip {

/// P-Asserted-Service = Service-ID *( COMMA Service-ID )
/// RFC 6050 §4.1: what a trusted network says the service is
struct PAssertedServiceName {
  static constexpr HeaderName name{.full = "P-Asserted-Service", .multi = true};
};
using PAssertedService = ServiceId<PAssertedServiceName, std::string>;
using PAssertedServiceView = PAssertedService::View;
static_assert(Header<PAssertedService>);

}  // namespace kith::sip
