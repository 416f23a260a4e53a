#include "kith/sip/header/content_encoding.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.12: Content-Encoding") {
  test::accepts<ContentEncoding>({{"gzip", ""}, {"x-tar", ""}});
  test::refuses<ContentEncoding>({"", "a b", "gzip;q=1", "\"gzip\"", "a/b"});
  CHECK(ContentEncoding{"GZIP"}.is("gzip"));
  CHECK_FALSE(ContentEncoding{"gzip"}.is("gzi"));
}
