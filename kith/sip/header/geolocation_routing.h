#pragma once

#include "kith/sip/shape/single.h"

namespace kith::sip {

/// Geolocation-Routing = "yes" / "no" / generic-param
/// RFC 6442 §4.2: is("yes") tells whether those on the way may look at the location; any other
/// value counts as "no", and so does none.
struct GeolocationRoutingName {
  static constexpr HeaderName name{.full = "Geolocation-Routing"};
  static constexpr LetterCase letter_case = LetterCase::ignored;
  static bool take(Scanner& in, std::string_view& value);
};
using GeolocationRouting = Single<GeolocationRoutingName, std::string>;
using GeolocationRoutingView = GeolocationRouting::View;
static_assert(Header<GeolocationRouting>);

}  // namespace kith::sip
