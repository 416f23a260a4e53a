#include "kith/sip/header/priority.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.26: Priority") {
  test::accepts<Priority>({{"emergency", ""}, {"Non-Urgent", ""}, {"psap-callback", ""}});
  test::refuses<Priority>({"", "very urgent", "urgent;x=y", "\"normal\"", "a/b"});
  CHECK(Priority{"Non-Urgent"}.is(priority::non_urgent));
  CHECK_FALSE(Priority{"urgent"}.is(priority::non_urgent));
}
