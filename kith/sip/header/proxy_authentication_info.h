#pragma once

#include "kith/sip/shape/auth.h"

namespace kith::sip {

/// Proxy-Authentication-Info = [ scheme LWS ] auth-param *( COMMA auth-param )
/// RFC 7615 §4
struct ProxyAuthenticationInfoName {
  static constexpr HeaderName name{.full = "Proxy-Authentication-Info"};
  static constexpr AuthRole role = AuthRole::info;
};
using ProxyAuthenticationInfo = AuthHeader<ProxyAuthenticationInfoName, std::string>;
using ProxyAuthenticationInfoView = ProxyAuthenticationInfo::View;
static_assert(Header<ProxyAuthenticationInfo>);

}  // namespace kith::sip
