#pragma once

#include "kith/sip/shape/info_uri.h"

namespace kith::sip {

/// Error-Info = error-uri *( COMMA error-uri )
/// error-uri = LAQUOT absoluteURI RAQUOT *( SEMI generic-param )
/// RFC 3261 §20.18
struct ErrorInfoName {
  static constexpr HeaderName name{.full = "Error-Info", .multi = true};
};
using ErrorInfo = InfoUri<ErrorInfoName, std::string>;
using ErrorInfoView = ErrorInfo::View;
static_assert(Header<ErrorInfo>);

}  // namespace kith::sip
