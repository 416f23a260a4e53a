#pragma once

#include "kith/sip/shape/media_type.h"

namespace kith::sip {

/// Content-Type = m-type SLASH m-subtype *( SEMI m-parameter )
/// RFC 3261 §20.15
struct ContentTypeName {
  static constexpr HeaderName name{.full = "Content-Type", .compact = 'c'};
  static constexpr MediaForm form = MediaForm::type;
};
using ContentType = MediaType<ContentTypeName, std::string>;
using ContentTypeView = ContentType::View;
static_assert(Header<ContentType>);

}  // namespace kith::sip
