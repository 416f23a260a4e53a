#pragma once

#include "kith/sip/shape/auth.h"

namespace kith::sip {

/// Proxy-Authorization = credentials
/// RFC 3261 §20.28
struct ProxyAuthorizationName {
  static constexpr HeaderName name{.full = "Proxy-Authorization", .repeats = true};
  static constexpr AuthRole role = AuthRole::credentials;
};
using ProxyAuthorization = AuthHeader<ProxyAuthorizationName, std::string>;
using ProxyAuthorizationView = ProxyAuthorization::View;
static_assert(Header<ProxyAuthorization>);

}  // namespace kith::sip
