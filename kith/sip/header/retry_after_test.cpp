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
    return test::read_whole<RetryAfter>(text, kith::Mode::lenient)->duration();
  };
  CHECK(duration("18000;duration=3600") == 3600);
  for (const char* none : {"5", "5;duration", "5;duration=x", "5;duration=4294967296"})
    CHECK_FALSE(duration(none));
}

TEST_CASE("RFC 3261 §20.33: duration is a number of seconds") {
  test::accepts<RetryAfter>(
      {{"5;duration=0", ""}, {"5 (busy);Duration=4294967295", ""}, {"5;x=-1", ""}});
  for (const char* wrong : {";duration", ";duration=-1", ";duration=4294967296",
                            " (busy);duration=soon", ";duration=\"1\""}) {
    const std::string text = "5" + std::string{wrong};
    test::tolerates<RetryAfter>({{text, "parameter whose value is not of its kind", text}});
  }
}
