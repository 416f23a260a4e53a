#pragma once

#include "kith/sip/shape/bracketed_uri.h"

namespace kith::sip {

/// Call-Info = info *( COMMA info )
/// info = LAQUOT absoluteURI RAQUOT *( SEMI info-param )
/// RFC 3261 §20.9
struct CallInfoName {
  static constexpr HeaderName name{.full = "Call-Info", .multi = true};
  static constexpr bool has_purpose = true;
};
using CallInfo = BracketedUri<CallInfoName, std::string>;
using CallInfoView = CallInfo::View;
static_assert(Header<CallInfo>);

}  // namespace kith::sip
