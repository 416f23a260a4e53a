#include "kith/sip/header/retry_after.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.33: Retry-After") {
  test::accepts<RetryAfter>(
      {{"5", ""},
       {"120(in (a) meeting);duration=60", "120 (in (a) meeting);duration=60"},
       {"5 (\\) \\( \\\\);x", ""}});
  test::refuses<RetryAfter>({"", "x", "5 (open", "5 (open\\)", "5 x", "-1"});
}

TEST_CASE("RFC 3261 §20.33: duration says how long the callee can be reached") {
  const auto duration = [](std::string_view text) {
    return test::read_whole<RetryAfter>(text, kith::Mode::strict)->duration();
  };
  CHECK(duration("18000;duration=3600") == 3600);
  for (const char* none : {"5", "5;duration", "5;duration=x", "5;duration=4294967296"})
    CHECK_FALSE(duration(none));
}
