#pragma once

#include "kith/sip/shape/bracketed_uri.h"

namespace kith::sip {

/// Error-Info = error-uri *( COMMA error-uri )
/// error-uri = LAQUOT absoluteURI RAQUOT *( SEMI generic-param )
/// RFC 3261 §20.18
struct ErrorInfoName {
  static constexpr HeaderName name{.full = "Error-Info", .multi = true};
  static constexpr bool has_message = true;
};
using ErrorInfo = BracketedUri<ErrorInfoName, std::string>;
using ErrorInfoView = ErrorInfo::View;
static_assert(Header<ErrorInfo>);

}  // namespace kith::sip
