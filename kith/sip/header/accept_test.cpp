#include "kith/sip/header/accept.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.1: Accept") {
  test::accepts<Accept>({{"*/*", ""}, {"application/*;q=0.5", ""}});
  test::refuses<Accept>({"", "text", "*/", "a b/c"});
}
