#include "kith/sip/header/security_verify.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3329 §2.2: Security-Verify") {
  test::accepts<SecurityVerify>(
      {{"digest;d-alg=MD5;d-qop=auth;q=0.1", ""}, {"tls ; q=0.2", "tls;q=0.2"}});
  test::refuses<SecurityVerify>(
      {"", ";q=1", "tls q=1", "tls;q=1.1", "ipsec-3gpp;spi-c=4294967296"});
}
