#pragma once

#include "kith/sip/shape/tag.h"

namespace kith::sip {

/// Unsupported = option-tag *( COMMA option-tag )
/// RFC 3261 §20.40
struct UnsupportedName {
  static constexpr HeaderName name{.full = "Unsupported", .multi = true};
  static constexpr bool is_option_tag = true;
};
using Unsupported = Tag<UnsupportedName, std::string>;
using UnsupportedView = Unsupported::View;
static_assert(Header<Unsupported>);

}  // namespace kith::sip
