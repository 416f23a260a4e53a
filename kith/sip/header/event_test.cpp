#include "kith/sip/header/event.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 6665 §8.2.1: Event") {
  test::accepts<Event>({{"presence", ""}, {"presence.winfo;id=7", ""}});
  test::refuses<Event>({"", "presence x", ";id=1", "a=b"});
}
