#include "kith/sip/header/allow_events.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 6665 §8.2.2: Allow-Events") {
  test::accepts<AllowEvents>({{"presence", ""}, {"vnd-microsoft-roaming-contacts", ""}});
  test::refuses<AllowEvents>({"", "a b", "a;b"});
}
