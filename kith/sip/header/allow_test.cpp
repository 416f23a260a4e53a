#include "kith/sip/header/allow.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.5: Allow") {
  test::accepts<Allow>({{"INVITE", ""}, {"BENOTIFY", ""}});
  test::refuses<Allow>({"", "A B", "A;b"});
}
