#include "kith/sip/header/mime_version.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.24: MIME-Version") {
  test::accepts<MimeVersion>({{"1.0", ""}, {"01.10", "1.10"}, {"4294967295.0", ""}});
  test::refuses<MimeVersion>(
      {"", "1", "1.", ".0", "1,0", "1 .0", "1. 0", "-1.0", "1.0.0", "1.x", "4294967296.0"});
  CHECK(MimeVersion{} == MimeVersion{1, 0});
  CHECK(MimeVersion{1, 9} < MimeVersion{1, 10});
}
