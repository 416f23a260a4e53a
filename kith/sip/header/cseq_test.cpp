#include "kith/sip/header/cseq.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.16: CSeq") {
  test::accepts<CSeq>({{"0 A", ""}, {"2147483647 INVITE", ""}, {"007  SERVICE", "7 SERVICE"}});
  test::refuses<CSeq>(
      {"", "1", "INVITE", "1INVITE", "-1 A", "1 A B", "18446744073709551617 A", "1 \"A\""});
}

TEST_CASE("RFC 3261 §8.1.1.5: a CSeq of 2**31 is refused") {
  test::refuses<CSeq>({"2147483648 INVITE", "4294967296 INVITE"});
}
