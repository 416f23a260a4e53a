#include "kith/sip/header/refer_sub.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 4488 §4: Refer-Sub") {
  test::accepts<ReferSub>({{"true", ""}, {"FALSE", "false"}, {"false ; x=1", "false;x=1"}});
  test::refuses<ReferSub>({"", "yes", "0", "truer", "true false", ";x", "\"true\"", "true;=1"});
  CHECK_FALSE(test::read_whole<ReferSub>("false", kith::Mode::strict)->value);
}
