#include "kith/sip/header/proxy_authenticate.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.27: Proxy-Authenticate") {
  test::accepts<ProxyAuthenticate>(
      {{"Kerberos realm=\"a, b\", targetname=\"sip/x\", version=3", ""},
       {"Digest  stale=true ,nc=00000001", "Digest stale=true, nc=00000001"},
       {"NTLM gssapi-data=\"\"", ""}});
  test::refuses<ProxyAuthenticate>({"", "Kerberos", "Kerberos realm", "Kerberos realm=\"x",
                                    "realm=\"x\"", "Digest a=b c=d", "Digest =x"});
  test::tolerates<ProxyAuthenticate>(
      {{"NTLM gssapi-data=TlRM==, a=b", "unquoted character in a parameter value",
        "NTLM gssapi-data=TlRM==, a=b"}});
}

TEST_CASE("RFC 3261 §20.27: what a challenge says") {
  const auto challenge = *test::read_whole<ProxyAuthenticate>(
      "Digest realm=\"a\", nonce=\"n\", stale=true, qop=\"auth\"", kith::Mode::strict);
  CHECK(challenge.realm() == "a");
  CHECK(challenge.nonce() == "n");
  CHECK(challenge.stale());
  CHECK(challenge.offers_qop("auth"));
  CHECK_FALSE(challenge.algorithm());
}
