#include "kith/sip/header/authorization.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.7: Authorization") {
  test::accepts<Authorization>({{"Kerberos realm=\"a, b\", targetname=\"sip/x\", version=3", ""},
                                {"Digest  qop=auth ,nc=00000001", "Digest qop=auth, nc=00000001"},
                                {"NTLM gssapi-data=\"\"", ""}});
  test::refuses<Authorization>({"", "Kerberos", "Kerberos realm", "Kerberos realm=\"x",
                                "realm=\"x\"", "Digest a=b c=d", "Digest =x"});
  test::tolerates<Authorization>(
      {{"NTLM gssapi-data=TlRM==, a=b", "unquoted character in a parameter value",
        "NTLM gssapi-data=TlRM==, a=b"}});
}

TEST_CASE("RFC 3261 §20.7: what credentials say") {
  const auto credentials = *test::read_whole<Authorization>(
      "Digest username=\"bob\", realm=\"a\", nonce=\"n\", uri=\"sip:a;x=y\", response=\"00\", "
      "cnonce=\"c\", nc=0000001f, qop=auth, opaque=\"o\", algorithm=MD5, auts=\"eA==\", "
      "integrity-protected=yes",
      kith::Mode::strict);
  CHECK(credentials.username() == "bob");
  CHECK(credentials.realm() == "a");
  CHECK(credentials.nonce() == "n");
  CHECK(credentials.uri() == "sip:a;x=y");
  CHECK(credentials.response() == "00");
  CHECK(credentials.cnonce() == "c");
  CHECK(credentials.nc() == 31);
  CHECK(credentials.qop() == "auth");
  CHECK(credentials.opaque() == "o");
  CHECK(credentials.algorithm() == "MD5");
  CHECK(credentials.auts() == "eA==");
  CHECK(credentials.integrity_protected() == "yes");
}

TEST_CASE("RFC 3261 §25.1: nc is eight hexadecimal digits") {
  const auto nc = [](std::string_view params) {
    return test::read_whole<Authorization>("Digest a=b" + std::string{params}, kith::Mode::lenient)
        ->nc();
  };
  CHECK(nc(", nc=ffffffff") == 0xFFFFFFFF);
  CHECK(nc(", nc=\"00000001\"") == 1);
  for (const char* wrong :
       {"", ", nc=1", ", nc=000000001", ", nc=0000000g", ", nc=-0000001", ", nc=0x000001"})
    CHECK_FALSE(nc(wrong));
}

TEST_CASE("RFC 3261 §7.3.1: credentials are compared without order, and case counts in quotes") {
  const auto same = [](std::string_view a, std::string_view b) {
    const auto x = *test::read_whole<Authorization>(a, kith::Mode::lenient);
    const auto y = *test::read_whole<Authorization>(b, kith::Mode::lenient);
    CHECK(equivalent(x, y) == equivalent(y, x));
    return equivalent(x, y);
  };
  CHECK(same("Digest realm=\"a, b\", nc=0000000a", "digest NC=0000000A, Realm=\"a, b\""));
  CHECK(same("Digest realm=\"a;b\"", "Digest realm=\"\\a;b\""));
  CHECK_FALSE(same("Digest realm=\"a\"", "NTLM realm=\"a\""));
  CHECK_FALSE(same("Digest realm=\"a\"", "Digest realm=\"A\""));
  CHECK_FALSE(same("Digest realm=\"a\"", "Digest realm=\"a\", nc=00000001"));
  CHECK_FALSE(same("Digest nc=00000001", "Digest nc=00000002"));
  CHECK_FALSE(same("Digest a=b", "Digest b=a"));
}

TEST_CASE("RFC 3261 §25.1: what Digest says of its parameters") {
  test::accepts<Authorization>({{"Digest username=\"a\", realm=\"b\", nonce=\"c\", uri=\"sip:b\", "
                                 "response=\"0123456789abcdef0123456789abcdef\"",
                                 ""},
                                {"Digest response=\"\", algorithm=MD5-sess, cnonce=\"\", "
                                 "opaque=\"\", qop=auth-int, nc=0000000f",
                                 ""}});
  for (const char* wrong :
       {"nc=1", "nc=0000000F", "nc=0000000g", "nc=\"00000001\"", "nc=000000001", "response=\"0F\"",
        "response=0f", "response=\"x\"", "username=a", "realm=b", "nonce=c", "uri=sip", "opaque=d",
        "cnonce=e", "qop=\"auth\"", "algorithm=\"MD5\""}) {
    const std::string text = "Digest " + std::string{wrong};
    test::tolerates<Authorization>({{text, "parameter whose value is not of its kind", text}});
  }
}

TEST_CASE("RFC 3261 §25.1: other schemes say other things of the same names") {
  test::accepts<Authorization>(
      {{"Kerberos qop=\"auth\", response=\"04FF\"", ""}, {"Kerberos nc=1, realm=b", ""}});
}
