#pragma once

#include "kith/sip/shape/option_tag.h"

namespace kith::sip {

/// Unsupported = option-tag *( COMMA option-tag )
/// RFC 3261 §20.40
struct UnsupportedName {
  static constexpr HeaderName name{.full = "Unsupported", .multi = true};
};
using Unsupported = OptionTag<UnsupportedName, std::string>;
using UnsupportedView = Unsupported::View;
static_assert(Header<Unsupported>);

}  // namespace kith::sip
