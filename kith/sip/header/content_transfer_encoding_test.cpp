#include "kith/sip/header/content_transfer_encoding.h"

#include "kith/sip/test/header_check.h"

using namespace kith;
using namespace kith::sip;
using namespace kith::sip::test;

TEST_CASE("RFC 2045 §6.1: a transfer encoding is one token") {
  accepts<ContentTransferEncoding>({{"binary", {}}, {"7bit", {}}, {"BASE64", {}}, {"x-own", {}}});
  refuses<ContentTransferEncoding>({"", "a b", "a,b", "\"binary\"", "a;b=c", "a/b"});
  CHECK(ContentTransferEncoding{"Binary"}.is_identity());
  CHECK(ContentTransferEncoding{"8BIT"}.is_identity());
  CHECK_FALSE(ContentTransferEncoding{"base64"}.is_identity());
  CHECK_FALSE(ContentTransferEncoding{"x-own"}.is_identity());
}
