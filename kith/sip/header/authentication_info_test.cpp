#include "kith/sip/header/authentication_info.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 3261 §20.6: Authentication-Info, with a scheme and without") {
  test::accepts<AuthenticationInfo>({{"Kerberos rspauth=\"00\", srand=\"1\"", ""},
                                     {"qop=auth, rspauth=\"00\"", ""},
                                     {"qop =auth", "qop=auth"}});
  test::refuses<AuthenticationInfo>({"", "Kerberos", "rspauth=\"0", "a=b;c=d", "a b c=d"});
}

TEST_CASE("RFC 3261 §20.6: the next nonce, and the proof of the server") {
  const auto info = *test::read_whole<AuthenticationInfo>(
      "nextnonce=\"n\", qop=auth, rspauth=\"00\", cnonce=\"c\", nc=00000010", kith::Mode::strict);
  CHECK(info.nextnonce() == "n");
  CHECK(info.qop() == "auth");
  CHECK(info.rspauth() == "00");
  CHECK(info.cnonce() == "c");
  CHECK(info.nc() == 16);
  const auto less = *test::read_whole<AuthenticationInfo>("qop=auth, nc=10", kith::Mode::lenient);
  CHECK_FALSE(less.nextnonce());
  CHECK_FALSE(less.nc());
}

TEST_CASE("RFC 3261 §25.1: what Digest says of an info") {
  test::accepts<AuthenticationInfo>(
      {{"nextnonce=\"n\", qop=auth, rspauth=\"00ff\", cnonce=\"c\", nc=00000010", ""}});
  for (const char* wrong : {"nc=10", "nc=0000001A", "nc=\"00000010\"", "nextnonce=n", "rspauth=00",
                            "rspauth=\"0F\"", "cnonce=c", "qop=\"auth\"", "Digest nc=10"}) {
    const std::string text = "" + std::string{wrong};
    test::tolerates<AuthenticationInfo>({{text, "parameter whose value is not of its kind", text}});
  }
}
