#pragma once

#include "kith/sip/shape/sec_mechanism.h"

namespace kith::sip {

/// Security-Client = sec-mechanism *( COMMA sec-mechanism )
/// RFC 3329 §2.2: what the client can do
struct SecurityClientName {
  static constexpr HeaderName name{.full = "Security-Client", .multi = true};
};
using SecurityClient = SecMechanism<SecurityClientName, std::string>;
using SecurityClientView = SecurityClient::View;
static_assert(Header<SecurityClient>);

}  // namespace kith::sip
