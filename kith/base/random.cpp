#include "kith/base/random.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "kith/base/text.h"

namespace kith {

std::uint64_t Random::number() {
  std::array<std::byte, sizeof(std::uint64_t)> bytes{};
  fill(bytes);
  std::uint64_t number = 0;
  std::memcpy(&number, bytes.data(), bytes.size());
  return number;
}

std::string Random::hex(std::size_t bytes) {
  std::vector<std::byte> raw(bytes);
  fill(raw);
  return to_hex(raw);
}

std::uint64_t SeededRandom::next() {  // SplitMix64
  state_ += 0x9e3779b97f4a7c15U;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

void SeededRandom::fill(std::span<std::byte> bytes) {
  while (!bytes.empty()) {
    const std::uint64_t word = next();
    const std::size_t n = std::min(bytes.size(), sizeof word);
    std::memcpy(bytes.data(), &word, n);
    bytes = bytes.subspan(n);
  }
}

}  // namespace kith
