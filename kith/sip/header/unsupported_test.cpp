#include "kith/sip/header/unsupported.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.40: Unsupported") {
  test::accepts<Unsupported>({{"eventlist", ""}, {"com.microsoft.autoextend", ""}, {"100rel", ""}});
  test::refuses<Unsupported>({"", "a b", "a;b", "\"a\"", "a/b"});
}
