#include "kith/sip/header/geolocation_routing.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 6442 §4.2: Geolocation-Routing") {
  test::accepts<GeolocationRouting>({{"yes", ""},
                                     {"no", ""},
                                     {"YES", ""},
                                     {"yess", ""},
                                     {"x=y", ""},
                                     {"x=\"a b\"", ""},
                                     {"x=[2001:db8::1]", ""}});
  test::refuses<GeolocationRouting>(
      {"", "yes no", "\"yes\"", "yes;x", "yes,no", "<yes>", "x=", "x=\"y", "=y"});
}

TEST_CASE("RFC 6442 §4.2: any value but yes counts as no") {
  CHECK(GeolocationRouting{"Yes"}.is("yes"));
  CHECK_FALSE(GeolocationRouting{"no"}.is("yes"));
  CHECK_FALSE(GeolocationRouting{"yess"}.is("yes"));
  CHECK_FALSE(GeolocationRouting{"yes=1"}.is("yes"));
  CHECK_FALSE(GeolocationRouting{}.is("yes"));
}
