#pragma once

#include "kith/sip/shape/auth.h"

namespace kith::sip {

/// WWW-Authenticate = challenge
/// RFC 3261 §20.44
struct WwwAuthenticateName {
  static constexpr HeaderName name{.full = "WWW-Authenticate", .repeats = true};
  static constexpr AuthRole role = AuthRole::challenge;
};
using WwwAuthenticate = AuthHeader<WwwAuthenticateName, std::string>;
using WwwAuthenticateView = WwwAuthenticate::View;
static_assert(Header<WwwAuthenticate>);

}  // namespace kith::sip
