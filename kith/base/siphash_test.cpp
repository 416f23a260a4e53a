#include "kith/base/siphash.h"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <vector>

using namespace kith;

TEST_CASE("SipHash-2-4: the vectors of its authors") {
  std::array<std::uint8_t, 16> key{};
  for (std::uint8_t i = 0; i < 16; ++i) key[i] = i;
  std::vector<std::byte> bytes;
  CHECK(siphash(bytes, key) == 0x726fdb47dd0e0e31U);
  for (std::uint8_t i = 0; i < 15; ++i) bytes.push_back(std::byte{i});
  CHECK(siphash(bytes, key) == 0xa129ca6149be45e5U);
}
