#include "kith/sip/header/content_type.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.15: Content-Type") {
  test::accepts<ContentType>({{"application/SOAP+xml", ""},
                              {"text / plain ; charset=UTF-8", "text/plain;charset=UTF-8"},
                              {"multipart/related;boundary=\"a b\"", ""}});
  test::refuses<ContentType>({"", "text", "text/", "/plain", "text plain", "text/plain x"});
}
