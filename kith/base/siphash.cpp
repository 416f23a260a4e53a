#include "kith/base/siphash.h"

#include <array>
#include <bit>
#include <cassert>
#include <cstring>

namespace kith {

namespace {

struct State {
  std::array<std::uint64_t, 4> v;

  void round() {
    v[0] += v[1];
    v[2] += v[3];
    v[1] = std::rotl(v[1], 13) ^ v[0];
    v[3] = std::rotl(v[3], 16) ^ v[2];
    v[0] = std::rotl(v[0], 32);
    v[2] += v[1];
    v[0] += v[3];
    v[1] = std::rotl(v[1], 17) ^ v[2];
    v[3] = std::rotl(v[3], 21) ^ v[0];
    v[2] = std::rotl(v[2], 32);
  }

  void take(std::uint64_t word) {
    v[3] ^= word;
    round();
    round();
    v[0] ^= word;
  }
};

std::uint64_t little_endian(const void* bytes, std::size_t count) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, count);
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
  return word;
}

}  // namespace

std::uint64_t siphash(std::span<const std::byte> bytes, std::span<const std::uint8_t> key) {
  assert(key.size() == 16);
  const std::uint64_t k0 = little_endian(key.data(), 8);
  const std::uint64_t k1 = little_endian(key.data() + 8, 8);
  State state{{k0 ^ 0x736f6d6570736575U, k1 ^ 0x646f72616e646f6dU, k0 ^ 0x6c7967656e657261U,
               k1 ^ 0x7465646279746573U}};
  const std::uint64_t length = static_cast<std::uint64_t>(bytes.size()) << 56U;
  while (bytes.size() >= 8) {
    state.take(little_endian(bytes.data(), 8));
    bytes = bytes.subspan(8);
  }
  state.take(length | (bytes.empty() ? 0 : little_endian(bytes.data(), bytes.size())));
  state.v[2] ^= 0xffU;
  for (int i = 0; i < 4; ++i) state.round();
  return state.v[0] ^ state.v[1] ^ state.v[2] ^ state.v[3];
}

}  // namespace kith
