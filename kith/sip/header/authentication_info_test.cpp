#include "kith/sip/header/authentication_info.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.6: Authentication-Info, with a scheme and without") {
  test::accepts<AuthenticationInfo>({{"Kerberos rspauth=\"00\", srand=\"1\"", ""},
                                     {"qop=auth, rspauth=\"00\"", ""},
                                     {"qop =auth", "qop=auth"}});
  test::refuses<AuthenticationInfo>({"", "Kerberos", "rspauth=\"0", "a=b;c=d", "a b c=d"});
}
