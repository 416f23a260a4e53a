#pragma once

#include "kith/sip/shape/media_type.h"

namespace kith::sip {

/// Accept = [ media-range *( SEMI accept-param ) *( COMMA media-range *( SEMI accept-param ) ) ]
/// RFC 3261 §20.1
struct AcceptName {
  static constexpr HeaderName name{.full = "Accept", .multi = true, .may_be_empty = true};
  static constexpr MediaForm form = MediaForm::range;
};
using Accept = MediaType<AcceptName, std::string>;
using AcceptView = Accept::View;
static_assert(Header<Accept>);

}  // namespace kith::sip
