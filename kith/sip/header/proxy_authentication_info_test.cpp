#include "kith/sip/header/proxy_authentication_info.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 7615 §4: Proxy-Authentication-Info, with a scheme and without") {
  test::accepts<ProxyAuthenticationInfo>({{"Kerberos rspauth=\"00\", srand=\"1\"", ""},
                                          {"qop=auth, rspauth=\"00\"", ""},
                                          {"qop =auth", "qop=auth"}});
  test::refuses<ProxyAuthenticationInfo>({"", "Kerberos", "rspauth=\"0", "a=b;c=d", "a b c=d"});
}
