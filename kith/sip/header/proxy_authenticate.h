#pragma once

#include "kith/sip/shape/auth.h"

namespace kith::sip {

/// Proxy-Authenticate = challenge
/// RFC 3261 §20.27
struct ProxyAuthenticateName {
  static constexpr HeaderName name{.full = "Proxy-Authenticate", .repeats = true};
  static constexpr AuthRole role = AuthRole::challenge;
};
using ProxyAuthenticate = AuthHeader<ProxyAuthenticateName, std::string>;
using ProxyAuthenticateView = ProxyAuthenticate::View;
static_assert(Header<ProxyAuthenticate>);

}  // namespace kith::sip
