#include "kith/crypto/md4.h"

#include <doctest/doctest.h>

#include <string>

using namespace kith::crypto;

TEST_CASE("RFC 1320 §A.5: MD4 of the test suite") {
  CHECK(hex(md4("")) == "31d6cfe0d16ae931b73c59d7e0c089c0");
  CHECK(hex(md4("a")) == "bde52cb31de33e46245e05fbdbd6fb24");
  CHECK(hex(md4("abc")) == "a448017aaf21d8525fc10ae87aa6729d");
  CHECK(hex(md4("message digest")) == "d9130a8164549fe818874806e1c7014b");
  CHECK(hex(md4("abcdefghijklmnopqrstuvwxyz")) == "d79e1c308aa5bbcdeea8ed63df412da9");
  CHECK(hex(md4("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")) ==
        "043f8582f241db351ce627e153e7f0e4");
  std::string digits;
  for (int i = 0; i < 8; ++i) digits += "1234567890";
  CHECK(hex(md4(digits)) == "e33b4ddc9c38f2199c3e7b164fcc0536");
}

TEST_CASE("MD4 of texts around the length at which the padding takes another block") {
  CHECK(hex(md4(std::string(55, 'x'))) == "92f32bb82c95ad10e8f87ae58ab06807");
  CHECK(hex(md4(std::string(56, 'x'))) == "374d5f08103b7092c83b4626ebceffab");
  CHECK(hex(md4(std::string(64, 'x'))) == "b1abf956a5ae6f3221e5fe85e300fbb0");
}
