#include "kith/sip/header/max_breadth.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 5393 §5.3.1: Max-Breadth") {
  test::accepts<MaxBreadth>({{"1", ""}, {"120", ""}, {"4294967295", ""}, {"0068", "68"}});
  test::refuses<MaxBreadth>({"", "-1", "+1", "x", "1x", "1 2", "1;x", "4294967296"});
  test::tolerates<MaxBreadth>({{"0", "Max-Breadth of zero", "0"}});
}
