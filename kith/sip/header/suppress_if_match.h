#pragma once

#include "kith/sip/shape/tag.h"

namespace kith::sip {

/// Suppress-If-Match = entity-tag / "*"
/// RFC 5839 §7.2, §7.3: the state that the subscriber has, of which no NOTIFY is to tell it again.
/// "*" suppresses whatever there is (RFC 5839 §6.2); it is a token too, so it is read as a tag.
struct SuppressIfMatchName {
  static constexpr HeaderName name{.full = "Suppress-If-Match"};
};
using SuppressIfMatch = Tag<SuppressIfMatchName, std::string>;
using SuppressIfMatchView = SuppressIfMatch::View;
static_assert(Header<SuppressIfMatch>);

}  // namespace kith::sip
