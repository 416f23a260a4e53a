#pragma once

#include "kith/sip/shape/auth.h"

namespace kith::sip {

/// Authentication-Info = [ scheme LWS ] auth-param *( COMMA auth-param )
/// RFC 3261 §20.6
struct AuthenticationInfoName {
  static constexpr HeaderName name{.full = "Authentication-Info"};
  static constexpr AuthRole role = AuthRole::info;
};
using AuthenticationInfo = AuthHeader<AuthenticationInfoName, std::string>;
using AuthenticationInfoView = AuthenticationInfo::View;
static_assert(Header<AuthenticationInfo>);

}  // namespace kith::sip
