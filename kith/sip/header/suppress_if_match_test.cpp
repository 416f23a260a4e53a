#include "kith/sip/header/suppress_if_match.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 5839 §7.2: Suppress-If-Match") {
  test::accepts<SuppressIfMatch>({{"dx200xyz", ""}, {"*", ""}, {"A-b.1%~", ""}});
  test::refuses<SuppressIfMatch>({"", "a b", "\"a\"", "a,b", "a;b", "<a>", "a=b"});
  CHECK(*test::read_whole<SuppressIfMatch>("a", kith::Mode::strict) !=
        *test::read_whole<SuppressIfMatch>("A", kith::Mode::strict));
}
