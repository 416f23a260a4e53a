#pragma once

#include "kith/sip/shape/tag.h"

namespace kith::sip {

/// SIP-ETag = entity-tag
/// RFC 3903 §11.3.1, §12: what the server calls the state that a PUBLISH made or changed; compared
/// byte for byte
struct SipETagName {
  static constexpr HeaderName name{.full = "SIP-ETag"};
};
using SipETag = Tag<SipETagName, std::string>;
using SipETagView = SipETag::View;
static_assert(Header<SipETag>);

}  // namespace kith::sip
