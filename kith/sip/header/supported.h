#pragma once

#include "kith/sip/shape/tag.h"

namespace kith::sip {

/// Supported = [ option-tag *( COMMA option-tag ) ]
/// RFC 3261 §20.37
struct SupportedName {
  static constexpr HeaderName name{
      .full = "Supported", .compact = 'k', .multi = true, .may_be_empty = true};
  static constexpr bool is_option_tag = true;
};
using Supported = Tag<SupportedName, std::string>;
using SupportedView = Supported::View;
static_assert(Header<Supported>);

}  // namespace kith::sip
