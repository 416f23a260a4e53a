#include "kith/sip/header/subject.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.36: Subject, perhaps empty") {
  test::accepts<Subject>(
      {{"A tornado is heading our way!", ""}, {"", ""}, {"Grüße, \"x\" <y>;\tz", ""}});
  test::tolerates<Subject>({{"a\x01", "bytes that are no UTF-8 text", "a\x01"},
                            {"(\\\x01)", "bytes that are no UTF-8 text", "(\\\x01)"},
                            {"\x7f", "bytes that are no UTF-8 text", "\x7f"},
                            {"Gr\xfc\xdf", "bytes that are no UTF-8 text", "Gr\xfc\xdf"},
                            {"\xc0\xaf", "bytes that are no UTF-8 text", "\xc0\xaf"}});
}
