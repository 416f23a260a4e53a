#include "kith/sip/header/security_client.h"

#include "kith/sip/header/security_server.h"
#include "kith/sip/header/security_verify.h"
#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3329 §2.2: Security-Client") {
  test::accepts<SecurityClient>(
      {{"digest;d-alg=MD5;d-qop=auth;q=0.1", ""}, {"tls ; q=0.2", "tls;q=0.2"}});
  test::refuses<SecurityClient>(
      {"", ";q=1", "tls q=1", "tls;q=1.1", "ipsec-3gpp;spi-c=4294967296"});
}

TEST_CASE("RFC 3329 §2.2: a mechanism is the same in any case and order, also in another header") {
  const auto same = [](std::string_view a, std::string_view b) {
    return equivalent(*test::read_whole<SecurityServer>(a, kith::Mode::strict),
                      *test::read_whole<SecurityVerify>(b, kith::Mode::strict));
  };
  CHECK(same("TLS;q=0.2", "tls;Q=0.2"));
  CHECK(same("digest;d-alg=MD5;d-qop=auth", "Digest;d-qop=auth;D-Alg=md5"));
  for (const char* other : {"tls", "tls;q=0.3", "digest;q=0.2", "tls;q=0.2;x"})
    CHECK_FALSE(same("tls;q=0.2", other));
}
