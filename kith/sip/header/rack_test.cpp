#include "kith/sip/header/rack.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3262 §7.2: RAck") {
  test::accepts<RAck>({{"776656 1 INVITE", ""},
                       {"4294967295\t2147483647  INVITE", "4294967295 2147483647 INVITE"},
                       {"1 0 invite", ""}});
  test::refuses<RAck>({"", "1", "1 2", "1 2 ", "0 1 INVITE", "4294967296 1 INVITE",
                       "1 2147483648 INVITE", "1,2 INVITE", "1 2 INVITE x", "a 2 INVITE",
                       "1 2 IN(VITE"});
}
