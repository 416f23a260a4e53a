#include "kith/sip/header/user_agent.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.41: User-Agent") {
  test::accepts<UserAgent>({{"RTC/1.3.5369 (Messenger 5.1)", ""}, {"any, text; at <all>", ""}});
}
