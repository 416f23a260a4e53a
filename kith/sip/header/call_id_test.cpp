#include "kith/sip/header/call_id.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.8: Call-ID") {
  test::accepts<CallId>({{"a@b", ""}, {"{x}[y]\"?", ""}, {"a", ""}});
  test::refuses<CallId>({"", "a@", "@b", "a@b@c", "a b", "a,b"});
}
