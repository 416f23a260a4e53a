#include "kith/sip/header/require.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.32: Require") {
  test::accepts<Require>({{"eventlist", ""}, {"com.microsoft.autoextend", ""}, {"100rel", ""}});
  test::refuses<Require>({"", "a b", "a;b", "\"a\"", "a/b"});
}
