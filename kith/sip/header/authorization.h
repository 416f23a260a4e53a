#pragma once

#include "kith/sip/shape/auth.h"

namespace kith::sip {

/// Authorization = credentials
/// RFC 3261 §20.7
struct AuthorizationName {
  static constexpr HeaderName name{.full = "Authorization", .repeats = true};
  static constexpr AuthRole role = AuthRole::credentials;
};
using Authorization = AuthHeader<AuthorizationName, std::string>;
using AuthorizationView = Authorization::View;
static_assert(Header<Authorization>);

}  // namespace kith::sip
