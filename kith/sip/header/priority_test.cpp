#include "kith/sip/header/priority.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.26: Priority") {
  test::accepts<Priority>({{"emergency", ""}, {"Non-Urgent", ""}, {"psap-callback", ""}});
  test::refuses<Priority>({"", "very urgent", "urgent;x=y", "\"normal\"", "a/b"});
  CHECK(Priority{"Non-Urgent"}.is(priority::non_urgent));
  CHECK_FALSE(Priority{"urgent"}.is(priority::non_urgent));
}

TEST_CASE("RFC 3261 §7.3.1: two Priorities are the same in any case") {
  const auto same = [](std::string_view a, std::string_view b) {
    return equivalent(*test::read_whole<Priority>(a, kith::Mode::strict),
                      *test::read_whole<Priority>(b, kith::Mode::strict));
  };
  CHECK(same("Non-Urgent", "non-urgent"));
  CHECK(same("EMERGENCY", "emergency"));
  for (const char* other : {"urgent", "non", "normal"}) CHECK_FALSE(same("non-urgent", other));
}
