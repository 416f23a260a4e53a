#include "kith/sip/shape/sec_mechanism.h"

#include "kith/sip/header/security_server.h"
#include "kith/sip/test/header_check.h"

using namespace kith::sip;

namespace {

SecurityServer mechanism(std::string_view text) {
  const auto header = test::read_whole<SecurityServer>(text, kith::Mode::strict);
  REQUIRE(header);
  return *header;
}

}  // namespace

TEST_CASE("RFC 3329 §2.2: a mechanism with its parameters") {
  test::accepts<SecurityServer>(
      {{"ipsec-3gpp;prot=esp;mod=trans;spi-c=4294967295;spi-s=0;port-c=65535;port-s=5060", ""},
       {"digest;d-ver=\"0123456789abcdef0123456789abcdef\"", ""},
       {"TLS;Q=1.000;x=\"y\";z", ""}});
  test::refuses<SecurityServer>({"tls;q", "tls;q=\"1\"", "tls;q=0.1234", "tls;q=2",
                                 "digest;d-ver=0123456789abcdef0123456789abcdef",
                                 "digest;d-ver=\"0123456789ABCDEF0123456789ABCDEF\"",
                                 "digest;d-ver=\"0123456789abcdef0123456789abcde\"",
                                 "digest;d-qop=\"auth\"", "digest;d-alg", "a;alg", "a;ealg=\"x\"",
                                 "a;prot=[", "a;mod", "\"tls\""});
  test::tolerates<SecurityServer>({{"tls;q=1;q=0.5", "parameter given twice", "tls;q=1;q=0.5"},
                                   {"tls;;q=1", "empty parameter", "tls;q=1"}});
}

TEST_CASE("RFC 3329 §A: indexes have 32 bits, ports 16") {
  for (const std::string index : {"spi", "spi-c", "spi-s"})
    test::refuses<SecurityServer>({"a;" + index + "=4294967296", "a;" + index + "=-1",
                                   "a;" + index + "=\"1\"", "a;" + index, "a;" + index + "=1x"});
  for (const std::string port : {"port1", "port2", "port-c", "port-s"})
    test::refuses<SecurityServer>({"a;" + port + "=65536", "a;" + port + "=-1",
                                   "a;" + port + "=\"1\"", "a;" + port, "a;" + port + "=1x"});
}

TEST_CASE("RFC 3329 §2.2: parameters by their names, numbers as numbers") {
  const SecurityServer ipsec = mechanism(
      "ipsec-3gpp;q=0.5;alg=hmac-sha-1-96;ealg=aes-cbc;prot=esp;mod=trans;spi-c=1;spi-s=4294967295;"
      "port-c=2;port-s=65535;spi=3;port1=4;port2=5");
  CHECK(ipsec.q() == QValue{500});
  CHECK(ipsec.alg() == "hmac-sha-1-96");
  CHECK(ipsec.ealg() == "aes-cbc");
  CHECK(ipsec.prot() == "esp");
  CHECK(ipsec.mod() == "trans");
  CHECK(ipsec.spi_c() == 1);
  CHECK(ipsec.spi_s() == 4294967295);
  CHECK(ipsec.port_c() == 2);
  CHECK(ipsec.port_s() == 65535);
  CHECK(ipsec.spi() == 3);
  CHECK(ipsec.port1() == 4);
  CHECK(ipsec.port2() == 5);
  CHECK_FALSE(ipsec.d_ver());
  const SecurityServer digest =
      mechanism("digest;d-alg=MD5;d-qop=auth;d-ver=\"0123456789abcdef0123456789abcdef\"");
  CHECK(digest.d_alg() == "MD5");
  CHECK(digest.d_qop() == "auth");
  CHECK(digest.d_ver() == "0123456789abcdef0123456789abcdef");
  CHECK_FALSE(digest.q());
  CHECK_FALSE(digest.spi_c());
  CHECK_FALSE(digest.port_s());
}
