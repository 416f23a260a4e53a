#include "kith/sip/header/p_media_authorization.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3313 §5.1: P-Media-Authorization is hexadecimal digits") {
  test::accepts<PMediaAuthorization>({{"0", ""}, {"0123456789abcdefABCDEF", ""}});
  test::refuses<PMediaAuthorization>({"", "0x1", "g", "12 34", "\"12\"", "12;x", "-1"});
  CHECK(PMediaAuthorization::name.multi);
}
