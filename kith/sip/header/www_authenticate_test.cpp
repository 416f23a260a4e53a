#include "kith/sip/header/www_authenticate.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.44: WWW-Authenticate") {
  test::accepts<WwwAuthenticate>(
      {{"Kerberos realm=\"a, b\", targetname=\"sip/x\", version=3", ""},
       {"Digest  stale=true ,nc=00000001", "Digest stale=true, nc=00000001"},
       {"NTLM gssapi-data=\"\"", ""}});
  test::refuses<WwwAuthenticate>({"", "Kerberos", "Kerberos realm", "Kerberos realm=\"x",
                                  "realm=\"x\"", "Digest a=b c=d", "Digest =x"});
  test::tolerates<WwwAuthenticate>(
      {{"NTLM gssapi-data=TlRM==, a=b", "unquoted character in a parameter value",
        "NTLM gssapi-data=TlRM==, a=b"}});
}

TEST_CASE("RFC 3261 §20.44: what a challenge says") {
  const auto read = [](std::string_view text) {
    return *test::read_whole<WwwAuthenticate>(text, kith::Mode::lenient);
  };
  const auto challenge = read(
      "Digest realm=\"a, b\", domain=\"sip:a sip:b\", nonce=\"n\", opaque=\"\", stale=TRUE, "
      "algorithm=SHA-256, qop=\"auth , Auth-Int\", ik=\"0A\", ck=\"0B\"");
  CHECK(challenge.realm() == "a, b");
  CHECK(challenge.domain() == "sip:a sip:b");
  CHECK(challenge.nonce() == "n");
  CHECK(challenge.opaque() == "");
  CHECK(challenge.stale());
  CHECK(challenge.algorithm() == "SHA-256");
  CHECK(challenge.qop() == "auth , Auth-Int");
  CHECK(challenge.offers_qop("auth"));
  CHECK(challenge.offers_qop("auth-int"));
  CHECK_FALSE(challenge.offers_qop("int"));
  CHECK(challenge.ik() == "0A");
  CHECK(challenge.ck() == "0B");
  CHECK_FALSE(read("Digest realm=\"a\", stale=yes").stale());
  CHECK_FALSE(read("Digest realm=\"a\"").stale());
  CHECK_FALSE(read("Digest realm=\"a\"").offers_qop("auth"));
  CHECK_FALSE(read("Digest realm=\"a\"").nonce());
}

TEST_CASE("RFC 3261 §25.1: what Digest says of a challenge") {
  test::accepts<WwwAuthenticate>(
      {{"digest realm=\"a\", nonce=\"b\", stale=TRUE, algorithm=MD5, qop=\"auth,auth-int\"", ""},
       {"digest stale=false, domain=\"sip:a sip:b\", opaque=\"\"", ""}});
  for (const char* wrong : {"stale=yes", "stale=\"true\"", "stale=1", "realm=a", "nonce=b",
                            "opaque=c", "domain=d", "qop=auth", "algorithm=\"MD5\""}) {
    const std::string text = "digest " + std::string{wrong};
    test::tolerates<WwwAuthenticate>({{text, "parameter whose value is not of its kind", text}});
  }
}
