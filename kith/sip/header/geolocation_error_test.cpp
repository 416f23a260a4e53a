#include "kith/sip/header/geolocation_error.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 6442 §4.4: Geolocation-Error") {
  test::accepts<GeolocationError>(
      {{"100 ; code=\"Cannot Process Location\"", "100;code=\"Cannot Process Location\""},
       {"7", ""},
       {"999;x=y", ""}});
  test::refuses<GeolocationError>({"", "1000", "0100", "x", "-1", "100 x", "\"100\"",
                                   "100;code=\"a", ";code=\"a\"", "100,200", "65636"});
  const auto header = test::read_whole<GeolocationError>("100;code=\"a\"", kith::Mode::strict);
  CHECK(header->text() == "a");
  test::tolerates<GeolocationError>({{"100;code=a", "error text without quotes", "100;code=a"}});
}
