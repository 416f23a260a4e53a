#pragma once

#include "kith/sip/shape/free_text.h"

namespace kith::sip {

/// Server = server-val *( LWS server-val )
/// server-val = product / comment, product = token [ SLASH token ]
/// RFC 3261 §20.35; real ones keep to it so seldom that it is read as text. See products().
struct ServerName {
  static constexpr HeaderName name{.full = "Server"};
  static constexpr bool has_products = true;
};
using Server = FreeText<ServerName, std::string>;
using ServerView = Server::View;
static_assert(Header<Server>);

}  // namespace kith::sip
