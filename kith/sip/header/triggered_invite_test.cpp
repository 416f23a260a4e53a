#include "kith/sip/header/triggered_invite.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("TriggeredInvite: TRUE or FALSE") {
  test::accepts<TriggeredInvite>({{"TRUE", ""}, {"true", "TRUE"}, {"False", "FALSE"}});
  test::refuses<TriggeredInvite>({"", "1", "TRUEX", "TRU", "TRUE;x", "yes"});
  CHECK(test::read_whole<TriggeredInvite>("TRUE", kith::Mode::strict).value().triggered);
  CHECK_FALSE(test::read_whole<TriggeredInvite>("FALSE", kith::Mode::strict).value().triggered);
}
