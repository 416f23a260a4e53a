#include "kith/sip/header/content_length.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.14: Content-Length") {
  test::accepts<ContentLength>({{"0", ""}, {"18446744073709551615", ""}, {"0068", "68"}});
  test::refuses<ContentLength>({"", "-1", "+1", "x", "1x", "1 2", "1.0", "18446744073709551616"});
}
