#include "kith/sip/header/max_forwards.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.22: Max-Forwards") {
  test::accepts<MaxForwards>({{"0", ""}, {"255", ""}, {"0068", "68"}});
  test::refuses<MaxForwards>({"", "-1", "+1", "x", "1x", "1 2", "1.0", "256"});
}
