#include "kith/crypto/base64.h"

#include <doctest/doctest.h>

#include <array>
#include <utility>

using namespace kith::crypto;

TEST_CASE("RFC 4648 §10: the test vectors, both ways") {
  constexpr std::array<std::pair<const char*, const char*>, 7> vectors{{{"", ""},
                                                                        {"f", "Zg=="},
                                                                        {"fo", "Zm8="},
                                                                        {"foo", "Zm9v"},
                                                                        {"foob", "Zm9vYg=="},
                                                                        {"fooba", "Zm9vYmE="},
                                                                        {"foobar", "Zm9vYmFy"}}};
  for (const auto& [bytes, text] : vectors) {
    CAPTURE(text);
    CHECK(base64_encode(bytes) == text);
    CHECK(base64_decode(text) == bytes);
  }
}

TEST_CASE("every byte survives") {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  CHECK(base64_decode(base64_encode(bytes)) == bytes);
}

TEST_CASE("RFC 4648 §3: what is not exactly base64 is refused") {
  for (const char* text : {"Zg", "Zg=", "Zg===", "=", "====", "Z===", "Zm9v\r\n", " Zg==", "Zm 9v",
                           "Zg==Zg==", "Zh==", "Zm9=", "Zm-_", "Zm9v=", "Z=g="}) {
    CAPTURE(text);
    CHECK_FALSE(base64_decode(text));
  }
}
