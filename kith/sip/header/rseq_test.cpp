#include "kith/sip/header/rseq.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3262 §7.1: RSeq") {
  test::accepts<RSeq>({{"988789", ""}, {"1", ""}, {"4294967295", ""}, {"0068", "68"}});
  test::refuses<RSeq>({"", "0", "-1", "4294967296", "1x", "1 2", "x"});
}
