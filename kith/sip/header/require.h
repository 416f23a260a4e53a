#pragma once

#include "kith/sip/shape/tag.h"

namespace kith::sip {

/// Require = option-tag *( COMMA option-tag )
/// RFC 3261 §20.32
struct RequireName {
  static constexpr HeaderName name{.full = "Require", .multi = true};
  static constexpr bool is_option_tag = true;
};
using Require = Tag<RequireName, std::string>;
using RequireView = Require::View;
static_assert(Header<Require>);

}  // namespace kith::sip
