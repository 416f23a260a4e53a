#include "kith/sip/header/supported.h"

#include "kith/sip/header/proxy_require.h"
#include "kith/sip/header/require.h"
#include "kith/sip/header/unsupported.h"
#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.37: Supported") {
  test::accepts<Supported>({{"eventlist", ""}, {"com.microsoft.autoextend", ""}, {"100rel", ""}});
  test::refuses<Supported>({"", "a b", "a;b", "\"a\"", "a/b"});
}

TEST_CASE("RFC 3261 §7.3.1: an option-tag is the same in any case, in any header that lists it") {
  const auto same = [](std::string_view a, std::string_view b) {
    return equivalent(*test::read_whole<Supported>(a, kith::Mode::strict),
                      *test::read_whole<Require>(b, kith::Mode::strict));
  };
  CHECK(same("100rel", "100REL"));
  CHECK(same("com.microsoft.AutoExtend", "Com.Microsoft.autoextend"));
  for (const char* other : {"100re", "100rel1", "timer", "100-rel"})
    CHECK_FALSE(same("100rel", other));
  CHECK(equivalent(ProxyRequire{"Sec-Agree"}, Unsupported{"sec-agree"}));
  CHECK_FALSE(equivalent(ProxyRequire{"sec-agree"}, Unsupported{"path"}));
}
