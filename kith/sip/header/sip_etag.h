#pragma once

#include "kith/sip/shape/tag.h"

namespace kith::sip {

/// SIP-ETag = entity-tag
/// RFC 3903 §11.3.1
struct SipETagName {
  static constexpr HeaderName name{.full = "SIP-ETag"};
};
using SipETag = Tag<SipETagName, std::string>;
using SipETagView = SipETag::View;
static_assert(Header<SipETag>);

}  // namespace kith::sip
