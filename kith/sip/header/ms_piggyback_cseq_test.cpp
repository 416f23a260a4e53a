#include "kith/sip/header/ms_piggyback_cseq.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("ms-piggyback-cseq") {
  test::accepts<MsPiggybackCseq>({{"0", ""}, {"1", ""}});
  test::refuses<MsPiggybackCseq>({"", "-1", "x", "4294967296"});
}
