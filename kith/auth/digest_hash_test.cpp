#include "kith/auth/digest_hash.h"

#include <doctest/doctest.h>

using namespace kith;
using namespace kith::auth;
using enum DigestAlgorithm;

namespace {

constexpr std::string_view nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
constexpr std::string_view cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";

std::string mufasa(DigestVariant variant, DigestQop qop) {
  crypto::Secret key =
      digest_ha1(variant.hash, "Mufasa", "http-auth@example.org", crypto::Secret("Circle of Life"));
  if (variant.session) key = digest_session_key(variant.hash, key, nonce, cnonce);
  return digest_response(variant.hash, key,
                         {.method = "GET",
                          .uri = "/dir/index.html",
                          .nonce = nonce,
                          .nc = "00000001",
                          .cnonce = cnonce,
                          .qop = qop,
                          .body = "v=0\r\n"});
}

}  // namespace

TEST_CASE("RFC 7616 §3.9.1: the example, in both algorithms") {
  CHECK(mufasa({.hash = md5}, DigestQop::auth) == "8ca523f5e9506fed4657c9700eebdbec");
  CHECK(mufasa({.hash = sha256}, DigestQop::auth) ==
        "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
}

TEST_CASE("RFC 7616 §3.4.1, §3.4.2, §3.4.3: every algorithm and qop, as computed by another") {
  struct Row {
    DigestVariant variant;
    DigestQop qop;
    std::string_view response;
  };
  for (const Row& row : {
           Row{{md5, false}, DigestQop::none, "7b2cc3b30e75b4777ea31027084363fd"},
           Row{{md5, false}, DigestQop::auth, "8ca523f5e9506fed4657c9700eebdbec"},
           Row{{md5, false}, DigestQop::auth_int, "d1b8e2ac3f6782372de4bf3d8735b406"},
           Row{{md5, true}, DigestQop::auth, "e783283f46242139c486a698fec7211d"},
           Row{{md5, true}, DigestQop::auth_int, "4321e8772738f242cc32334079264d8c"},
           Row{{sha256, false},
               DigestQop::none,
               "a1306b0595a6c7fe96c448631fb5cfbd5107bd1fe1da729d978dd7446b812363"},
           Row{{sha256, false},
               DigestQop::auth,
               "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"},
           Row{{sha256, false},
               DigestQop::auth_int,
               "385d2de062660ced11876f42d9497c69cacf5caaf3d951dd424aee9f7157d563"},
           Row{{sha256, true},
               DigestQop::auth,
               "2fd51b3a77ad75bad6afad6003e818d767133c46d9e2749e7f5232ae1ea3efd7"},
           Row{{sha256, true},
               DigestQop::auth_int,
               "cade7e5b751d9c3c2f066a95f2405c5509ad0171cf93f117e98b7f0ebb212e57"},
           Row{{sha512_256, false},
               DigestQop::none,
               "93e9122020ea0624d2ca801426d5bfbeb93d10ff4cc24cb410af3920fa4730e7"},
           Row{{sha512_256, false},
               DigestQop::auth,
               "430d05014cecc49cab6fbe03176d41a1da86cbfe24a16580e22aaad928d960d0"},
           Row{{sha512_256, false},
               DigestQop::auth_int,
               "5e69357dfa951887c95e88aae45b1f7f834aeba94f85648b86d532e82afdb589"},
           Row{{sha512_256, true},
               DigestQop::auth,
               "3f2a34f923c38b0fb26dce2fdfc2ce326c23cecf86fbb1444f3e51fbbc2cb92e"},
           Row{{sha512_256, true},
               DigestQop::auth_int,
               "1ba4333021256e8b4eebe5c8d20ba53b167f1dac1f6d8c916a08c17ef99eae9a"},
       }) {
    CAPTURE(row.response);
    CHECK(mufasa(row.variant, row.qop) == row.response);
  }
}

// The RFC prints the front of SHA-512 for SHA-512/256, which its errata correct.
TEST_CASE("RFC 7616 §3.9.2: SHA-512-256, a user name of UTF-8, and its hash") {
  CHECK(digest_userhash(sha512_256, "Jäsøn Doe", "api@example.org") ==
        "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b");
  CHECK(digest_response(sha512_256,
                        digest_ha1(sha512_256, "Jäsøn Doe", "api@example.org",
                                   crypto::Secret("Secret, or not?")),
                        {.method = "GET",
                         .uri = "/doe.json",
                         .nonce = "5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK",
                         .nc = "00000001",
                         .cnonce = "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v"}) ==
        "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5");
}

TEST_CASE("RFC 2617 §3.5: the example, and what RFC 2069 makes of it") {
  const crypto::Secret ha1 =
      digest_ha1(md5, "Mufasa", "testrealm@host.com", crypto::Secret("Circle Of Life"));
  DigestInput input{.method = "GET",
                    .uri = "/dir/index.html",
                    .nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093",
                    .nc = "00000001",
                    .cnonce = "0a4f113b"};
  CHECK(digest_response(md5, ha1, input) == "6629fae49393a05397450978507c4ef1");
  input.qop = DigestQop::none;
  CHECK(digest_response(md5, ha1, input) == "670fd8c2df070c60b045671b8b24ff02");
}

TEST_CASE("RFC 8760 §2.1: names of algorithms in either case, and no others") {
  CHECK(digest_variant("md5") == DigestVariant{.hash = md5});
  CHECK(digest_variant("SHA-256") == DigestVariant{.hash = sha256});
  CHECK(digest_variant("sha-512-256-SESS") == DigestVariant{.hash = sha512_256, .session = true});
  for (const std::string_view text :
       {"", "-sess", "MD5-", "MD5-sess-sess", "SHA-512", "SHA-1", "SHA-512/256", "AKAv1-MD5"}) {
    CAPTURE(text);
    CHECK_FALSE(digest_variant(text));
  }
  CHECK_FALSE(digest_algorithm("MD5-sess"));
}

TEST_CASE("RFC 7616 §3.3: auth and auth-int in either case, and no others") {
  CHECK(digest_qop("AUTH") == DigestQop::auth);
  CHECK(digest_qop("auth-int") == DigestQop::auth_int);
  CHECK_FALSE(digest_qop(""));
  CHECK_FALSE(digest_qop("auth-conf"));
}

TEST_CASE("RFC 3261 §25.1: nc is eight digits of lower case") {
  CHECK(nonce_count_text(0) == "00000000");
  CHECK(nonce_count_text(0xabcU) == "00000abc");
  CHECK(nonce_count_text(0xffffffffU) == "ffffffff");
}
