#include "kith/sip/header/www_authenticate.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.44: WWW-Authenticate") {
  test::accepts<WwwAuthenticate>({{"Kerberos realm=\"a, b\", targetname=\"sip/x\", version=3", ""},
                                  {"Digest  qop=auth ,nc=00000001", "Digest qop=auth, nc=00000001"},
                                  {"NTLM gssapi-data=\"\"", ""}});
  test::refuses<WwwAuthenticate>({"", "Kerberos", "Kerberos realm", "Kerberos realm=\"x",
                                  "realm=\"x\"", "Digest a=b c=d", "Digest =x"});
  test::tolerates<WwwAuthenticate>(
      {{"NTLM gssapi-data=TlRM==, a=b", "unquoted character in a parameter value",
        "NTLM gssapi-data=TlRM==, a=b"}});
}
