#pragma once

#include "kith/sip/shape/sec_mechanism.h"

namespace kith::sip {

/// Security-Server = sec-mechanism *( COMMA sec-mechanism )
/// RFC 3329 §2.2: what the server can do, with its preferences
struct SecurityServerName {
  static constexpr HeaderName name{.full = "Security-Server", .multi = true};
};
using SecurityServer = SecMechanism<SecurityServerName, std::string>;
using SecurityServerView = SecurityServer::View;
static_assert(Header<SecurityServer>);

}  // namespace kith::sip
