#include "kith/sip/header/expires.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.19: Expires") {
  test::accepts<Expires>({{"0", ""}, {"4294967295", ""}, {"0068", "68"}});
  test::refuses<Expires>({"", "-1", "+1", "x", "1x", "1 2", "1.0"});
  test::tolerates<Expires>(
      {{"4294967296", "number beyond the greatest that is meant", "4294967295"},
       {"99999999999999999999999999", "number beyond the greatest that is meant", "4294967295"}});
  test::refuses<Expires>({"4294967296x", "4294967296 1", "-4294967296"});
}
