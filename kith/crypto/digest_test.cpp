#include "kith/crypto/digest.h"

#include <doctest/doctest.h>

#include <string>

using namespace kith::crypto;

TEST_CASE("RFC 1321 §A.5: MD5 of the test suite") {
  CHECK(hex(md5("")) == "d41d8cd98f00b204e9800998ecf8427e");
  CHECK(hex(md5("abc")) == "900150983cd24fb0d6963f7d28e17f72");
  CHECK(hex(md5("message digest")) == "f96b697d7cb7938d525a2f31aaf161d0");
}

TEST_CASE("SHA-1 and SHA-256 of FIPS 180's samples") {
  CHECK(hex(sha1("abc")) == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("SHA-512/256 of FIPS 180's samples, which is not the front of SHA-512") {
  CHECK(hex(sha512_256("abc")) ==
        "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23");
  CHECK(hex(sha512_256("")) == "c672b8d1ef56ed28ab87c3622c5114069bdd3ad7b8f9737498d0c01ecef0967a");
}

TEST_CASE("RFC 2202 §2: HMAC-MD5") {
  CHECK(hex(hmac_md5(std::string(16, '\x0b'), "Hi There")) == "9294727a3638bb1c13f48ef8158bfc9d");
  CHECK(hex(hmac_md5("Jefe", "what do ya want for nothing?")) ==
        "750c783e6ab0b503eaa86e310a5db738");
}

TEST_CASE("RFC 4231 §4.2, §4.3: HMAC-SHA-256") {
  CHECK(hex(hmac_sha256(std::string(20, '\x0b'), "Hi There")) ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(hex(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_CASE("an empty HMAC key is an empty key, not the one of last time") {
  const auto first = hmac_sha256("", "text");
  hmac_sha256("another key", "text");
  CHECK(hmac_sha256({}, "text") == first);
}
