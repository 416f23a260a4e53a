#include "kith/sip/header/min_expires.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.23: Min-Expires") {
  test::accepts<MinExpires>({{"0", ""}, {"4294967295", ""}, {"0068", "68"}});
  test::refuses<MinExpires>({"", "-1", "+1", "x", "1x", "1 2", "1.0"});
  test::tolerates<MinExpires>(
      {{"4294967296", "number beyond the greatest that is meant", "4294967295"},
       {"99999999999999999999999999", "number beyond the greatest that is meant", "4294967295"}});
  test::refuses<MinExpires>({"4294967296x", "4294967296 1", "-4294967296"});
}
