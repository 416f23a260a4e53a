#include "kith/sip/header/permission_missing.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 5360 §5.9.3: Permission-Missing") {
  test::accepts<PermissionMissing>({{"sip:C@example.com", "<sip:C@example.com>"},
                                    {"C <sip:C@example.com>;x", "\"C\" <sip:C@example.com>;x"}});
  test::refuses<PermissionMissing>({"", "C", "<sip:C@example.com", "sip:a@b?x=y", "<sip:a@b> x"});
}
