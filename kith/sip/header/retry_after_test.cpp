#include "kith/sip/header/retry_after.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.33: Retry-After") {
  test::accepts<RetryAfter>(
      {{"5", ""}, {"120(in (a) meeting);duration=60", "120 (in (a) meeting);duration=60"}});
  test::refuses<RetryAfter>({"", "x", "5 (open", "5 x", "-1"});
}
