#include "kith/sip/header/min_expires.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.23: Min-Expires") {
  test::accepts<MinExpires>({{"0", ""}, {"4294967295", ""}, {"0068", "68"}});
  test::refuses<MinExpires>({"", "-1", "+1", "x", "1x", "1 2", "1.0", "4294967296"});
}
