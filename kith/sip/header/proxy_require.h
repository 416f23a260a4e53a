#pragma once

#include "kith/sip/shape/tag.h"

namespace kith::sip {

/// Proxy-Require = option-tag *( COMMA option-tag )
/// RFC 3261 §20.29
struct ProxyRequireName {
  static constexpr HeaderName name{.full = "Proxy-Require", .multi = true};
  static constexpr bool is_option_tag = true;
};
using ProxyRequire = Tag<ProxyRequireName, std::string>;
using ProxyRequireView = ProxyRequire::View;
static_assert(Header<ProxyRequire>);

}  // namespace kith::sip
