#include "kith/sip/header/geolocation_routing.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 6442 §4.2: Geolocation-Routing") {
  test::accepts<GeolocationRouting>({{"yes", ""}, {"no", ""}, {"YES", "yes"}, {"No", "no"}});
  test::refuses<GeolocationRouting>({"", "yes no", "\"yes\"", "yes;x", "yes,no", "<yes>"});
  test::tolerates<GeolocationRouting>({{"true", "unknown word for a yes or no", "no"},
                                       {"yess", "unknown word for a yes or no", "no"}});
  CHECK(test::read_whole<GeolocationRouting>("yes", kith::Mode::strict)->allowed);
}
