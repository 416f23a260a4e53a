#include "kith/sip/header/service_route.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3608 §5: Service-Route") {
  test::accepts<ServiceRoute>({{"<sip:P1.EXAMPLEVISITED.COM;lr>", ""},
                               {"<sip:a@b;lr>;ob", ""},
                               {"P <sips:a;lr>", "\"P\" <sips:a;lr>"}});
  test::refuses<ServiceRoute>(
      {"", "*", "<sip:a@b", "<>", "<sip:a@b> x", "sip:a@b;lr>", "<sip:a@b>;=1"});
  test::tolerates<ServiceRoute>({{"sip:a@b", "address without angle brackets", "<sip:a@b>"}});
}
