#include "kith/sip/header/sip_if_match.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3903 §11.3.2: SIP-If-Match") {
  test::accepts<SipIfMatch>({{"dx200xyz", ""}, {"*", ""}, {"A-b.1%~", ""}});
  test::refuses<SipIfMatch>({"", "a b", "\"a\"", "a,b", "a;b", "<a>", "a=b"});
  CHECK(*test::read_whole<SipIfMatch>("a", kith::Mode::strict) !=
        *test::read_whole<SipIfMatch>("A", kith::Mode::strict));
}
