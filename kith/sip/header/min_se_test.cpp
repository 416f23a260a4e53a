#include "kith/sip/header/min_se.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 4028 §5: Min-SE") {
  test::accepts<MinSE>({{"90", ""}, {"3600;x=y", ""}, {"4294967295", ""}, {"0090", "90"}});
  test::refuses<MinSE>({"", "-1", "x", "4294967296", "90 s", "90,90", "90;=1"});
}
