#include "kith/sip/header/proxy_authorization.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.28: Proxy-Authorization") {
  test::accepts<ProxyAuthorization>(
      {{"Kerberos realm=\"a, b\", targetname=\"sip/x\", version=3", ""},
       {"Digest  qop=auth ,nc=00000001", "Digest qop=auth, nc=00000001"},
       {"NTLM gssapi-data=\"\"", ""}});
  test::refuses<ProxyAuthorization>({"", "Kerberos", "Kerberos realm", "Kerberos realm=\"x",
                                     "realm=\"x\"", "Digest a=b c=d", "Digest =x"});
  test::tolerates<ProxyAuthorization>(
      {{"NTLM gssapi-data=TlRM==, a=b", "unquoted character in a parameter value",
        "NTLM gssapi-data=TlRM==, a=b"}});
}

TEST_CASE("RFC 3261 §20.28: what credentials say") {
  const auto credentials = *test::read_whole<ProxyAuthorization>(
      "Digest username=\"bob\", realm=\"a\", nc=00000002", kith::Mode::strict);
  CHECK(credentials.username() == "bob");
  CHECK(credentials.realm() == "a");
  CHECK(credentials.nc() == 2);
  CHECK_FALSE(credentials.auts());
}
