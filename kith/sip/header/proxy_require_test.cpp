#include "kith/sip/header/proxy_require.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.29: Proxy-Require") {
  test::accepts<ProxyRequire>(
      {{"eventlist", ""}, {"com.microsoft.autoextend", ""}, {"100rel", ""}});
  test::refuses<ProxyRequire>({"", "a b", "a;b", "\"a\"", "a/b"});
}
