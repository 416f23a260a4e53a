#include "kith/crypto/rc4.h"

#include <doctest/doctest.h>

#include "kith/base/text.h"

using namespace kith;
using crypto::Rc4;

namespace {

std::string stream(std::string_view key, std::size_t offset) {
  Rc4 rc4(from_hex(key).value());
  rc4.apply(std::string(offset, '\0'));
  return to_hex(as_bytes(rc4.apply(std::string(16, '\0'))));
}

}  // namespace

TEST_CASE("RFC 6229 §2: key streams of RC4") {
  CHECK(stream("0102030405", 0) == "b2396305f03dc027ccc3524a0a1118a8");
  CHECK(stream("0102030405", 16) == "6982944f18fc82d589c403a47a0d0919");
  CHECK(stream("01020304050607", 0) == "293f02d47f37c9b633f2af5285feb46b");
  CHECK(stream("0102030405060708", 0) == "97ab8a1bf0afb96132f2f67258da15a8");
  CHECK(stream("0102030405060708090a0b0c0d0e0f10", 0) == "9ac7cc9a609d1ef7b2932899cde41b97");
  CHECK(stream("0102030405060708090a0b0c0d0e0f10", 4096) == "a36a4c301ae8ac13610ccbc12256cacc");
}

TEST_CASE("RC4 goes on where it ended, and undoes itself") {
  Rc4 whole("key");
  Rc4 parts("key");
  const std::string text = "what is to be hidden";
  const std::string hidden = whole.apply(text);
  const std::string front = parts.apply(text.substr(0, 7));
  CHECK(front + parts.apply(text.substr(7)) == hidden);
  CHECK(hidden != text);
  CHECK(Rc4("key").apply(hidden) == text);
  CHECK(Rc4("Key").apply(hidden) != text);
}
