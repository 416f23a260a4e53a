#pragma once

#include "kith/sip/shape/tag.h"

namespace kith::sip {

/// Suppress-If-Match = entity-tag / "*"
/// RFC 5839 §7.2: "*" suppresses whatever there is; it is a token too, so it is read as a tag.
struct SuppressIfMatchName {
  static constexpr HeaderName name{.full = "Suppress-If-Match"};
};
using SuppressIfMatch = Tag<SuppressIfMatchName, std::string>;
using SuppressIfMatchView = SuppressIfMatch::View;
static_assert(Header<SuppressIfMatch>);

}  // namespace kith::sip
