#include "kith/sip/header/organization.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.25: Organization, perhaps empty") {
  test::accepts<Organization>({{"Boxes by Bob", ""}, {"", ""}, {"Grüße, \"x\" <y>;\tz", ""}});
  test::tolerates<Organization>({{"a\x01", "bytes that are no UTF-8 text", "a\x01"},
                                 {"\x7f", "bytes that are no UTF-8 text", "\x7f"},
                                 {"Gr\xfc\xdf", "bytes that are no UTF-8 text", "Gr\xfc\xdf"},
                                 {"\xc0\xaf", "bytes that are no UTF-8 text", "\xc0\xaf"}});
}
