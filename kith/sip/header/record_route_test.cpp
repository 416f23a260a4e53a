#include "kith/sip/header/record_route.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.30: Record-Route") {
  test::accepts<RecordRoute>({{"<sip:a;lr>", ""}, {"<sip:a;lr>;x=y", ""}});
  test::refuses<RecordRoute>({"", "<sip:a", "sip:a?x=y", "\"x\" sip:a"});
  test::tolerates<RecordRoute>({{"sip:a;lr", "address without angle brackets", "<sip:a>;lr"}});
}
