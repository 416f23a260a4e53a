#include "kith/sip/header/flow_timer.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 5626 §10: Flow-Timer") {
  test::accepts<FlowTimer>({{"0", ""}, {"120", ""}, {"4294967295", ""}, {"0068", "68"}});
  test::refuses<FlowTimer>({"", "-1", "+1", "x", "1x", "1 2", "1;x", "4294967296"});
}
