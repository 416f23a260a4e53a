#pragma once

#include "kith/sip/shape/sec_mechanism.h"

namespace kith::sip {

/// Security-Verify = sec-mechanism *( COMMA sec-mechanism )
/// RFC 3329 §2.2: the list of Security-Server said back, so that nobody in between can shorten it
struct SecurityVerifyName {
  static constexpr HeaderName name{.full = "Security-Verify", .multi = true};
};
using SecurityVerify = SecMechanism<SecurityVerifyName, std::string>;
using SecurityVerifyView = SecurityVerify::View;
static_assert(Header<SecurityVerify>);

}  // namespace kith::sip
