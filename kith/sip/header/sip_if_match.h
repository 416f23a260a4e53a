#pragma once

#include "kith/sip/shape/tag.h"

namespace kith::sip {

/// SIP-If-Match = entity-tag
/// RFC 3903 §11.3.2, §12: the state that a PUBLISH refreshes, changes or removes
struct SipIfMatchName {
  static constexpr HeaderName name{.full = "SIP-If-Match"};
};
using SipIfMatch = Tag<SipIfMatchName, std::string>;
using SipIfMatchView = SipIfMatch::View;
static_assert(Header<SipIfMatch>);

}  // namespace kith::sip
