#include "kith/sip/header/supported.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.37: Supported") {
  test::accepts<Supported>({{"eventlist", ""}, {"com.microsoft.autoextend", ""}, {"100rel", ""}});
  test::refuses<Supported>({"", "a b", "a;b", "\"a\"", "a/b"});
}
