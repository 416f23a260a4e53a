#include "kith/sip/header/proxy_authentication_info.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 7615 §4: Proxy-Authentication-Info, with a scheme and without") {
  test::accepts<ProxyAuthenticationInfo>({{"Kerberos rspauth=\"00\", srand=\"1\"", ""},
                                          {"qop=auth, rspauth=\"00\"", ""},
                                          {"qop =auth", "qop=auth"}});
  test::refuses<ProxyAuthenticationInfo>({"", "Kerberos", "rspauth=\"0", "a=b;c=d", "a b c=d"});
}

TEST_CASE("RFC 7615 §4: the next nonce, and the proof of the server") {
  const auto info = *test::read_whole<ProxyAuthenticationInfo>(
      "nextnonce=\"n\", qop=auth, rspauth=\"00\", cnonce=\"c\", nc=00000010", kith::Mode::strict);
  CHECK(info.nextnonce() == "n");
  CHECK(info.qop() == "auth");
  CHECK(info.rspauth() == "00");
  CHECK(info.cnonce() == "c");
  CHECK(info.nc() == 16);
  const auto less =
      *test::read_whole<ProxyAuthenticationInfo>("qop=auth, nc=10", kith::Mode::lenient);
  CHECK_FALSE(less.nextnonce());
  CHECK_FALSE(less.nc());
}
