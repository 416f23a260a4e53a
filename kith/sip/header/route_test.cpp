#include "kith/sip/header/route.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.34: Route") {
  test::accepts<Route>({{"<sip:a;lr>", ""}, {"<sip:a;lr>;x=y", ""}});
  test::refuses<Route>({"", "<sip:a", "sip:a?x=y", "\"x\" sip:a"});
  test::tolerates<Route>({{"sip:a;lr", "address without angle brackets", "<sip:a>;lr"}});
}
