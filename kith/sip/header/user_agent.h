#pragma once

#include "kith/sip/shape/free_text.h"

namespace kith::sip {

/// User-Agent = server-val *( LWS server-val )
/// server-val = product / comment, product = token [ SLASH token ]
/// RFC 3261 §20.41; real ones keep to it so seldom that it is read as text. See products().
struct UserAgentName {
  static constexpr HeaderName name{.full = "User-Agent"};
  static constexpr bool has_products = true;
};
using UserAgent = FreeText<UserAgentName, std::string>;
using UserAgentView = UserAgent::View;
static_assert(Header<UserAgent>);

}  // namespace kith::sip
