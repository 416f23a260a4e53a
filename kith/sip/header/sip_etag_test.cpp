#include "kith/sip/header/sip_etag.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3903 §11.3.1: SIP-ETag") {
  test::accepts<SipETag>({{"dx200xyz", ""}, {"*", ""}, {"A-b.1%~", ""}});
  test::refuses<SipETag>({"", "a b", "\"a\"", "a,b", "a;b", "<a>", "a=b"});
  CHECK(*test::read_whole<SipETag>("a", kith::Mode::strict) !=
        *test::read_whole<SipETag>("A", kith::Mode::strict));
}
