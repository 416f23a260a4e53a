#pragma once

#include "kith/sip/shape/bracketed_uri.h"

namespace kith::sip {

/// Alert-Info = alert-param *( COMMA alert-param )
/// alert-param = LAQUOT absoluteURI RAQUOT *( SEMI generic-param )
/// RFC 3261 §20.4
struct AlertInfoName {
  static constexpr HeaderName name{.full = "Alert-Info", .multi = true};
};
using AlertInfo = BracketedUri<AlertInfoName, std::string>;
using AlertInfoView = AlertInfo::View;
static_assert(Header<AlertInfo>);

}  // namespace kith::sip
