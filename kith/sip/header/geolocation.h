#pragma once

#include "kith/sip/shape/bracketed_uri.h"

namespace kith::sip {

/// Geolocation = locationValue *( COMMA locationValue )
/// locationValue = LAQUOT locationURI RAQUOT *( SEMI geoloc-param )
/// RFC 6442 §4.1; a "cid:" URI means a body of the same message
struct GeolocationName {
  static constexpr HeaderName name{.full = "Geolocation", .multi = true};
  static constexpr bool has_loc_src = true;
};
using Geolocation = BracketedUri<GeolocationName, std::string>;
using GeolocationView = Geolocation::View;
static_assert(Header<Geolocation>);

}  // namespace kith::sip
