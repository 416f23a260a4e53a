#include "kith/sip/header/path.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3327 §4: Path") {
  test::accepts<Path>({{"<sip:P1.EXAMPLEVISITED.COM;lr>", ""},
                       {"<sip:a@b;lr>;ob", ""},
                       {"P <sips:a;lr>", "\"P\" <sips:a;lr>"}});
  test::refuses<Path>({"", "*", "<sip:a@b", "<>", "<sip:a@b> x", "sip:a@b;lr>", "<sip:a@b>;=1"});
  test::tolerates<Path>({{"sip:a@b", "address without angle brackets", "<sip:a@b>"}});
}
