#include "kith/sip/header/max_forwards.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.22: Max-Forwards") {
  test::accepts<MaxForwards>({{"0", ""}, {"255", ""}, {"0068", "68"}});
  test::refuses<MaxForwards>({"", "-1", "+1", "x", "1x", "1 2", "1.0"});
  test::tolerates<MaxForwards>(
      {{"256", "number beyond the greatest that is meant", "255"},
       {"1000", "number beyond the greatest that is meant", "255"},
       {"99999999999999999999999999", "number beyond the greatest that is meant", "255"}});
  test::refuses<MaxForwards>({"256x", "256 1", "-256"});
}

TEST_CASE("RFC 3261 §16.3: a request with no hops left goes no further") {
  MaxForwards left{1};
  CHECK(left.decrement());
  CHECK(left.hops == 0);
  CHECK_FALSE(left.decrement());
  CHECK(left.hops == 0);
}
