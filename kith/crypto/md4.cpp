#include "kith/crypto/md4.h"

#include <bit>
#include <cstdint>
#include <string>

namespace kith::crypto {

namespace {

using Word = std::uint32_t;
using State = std::array<Word, 4>;

constexpr std::size_t block_size = 64;

Word word_at(std::string_view bytes, std::size_t at) {
  Word word = 0;
  for (std::size_t i = 4; i-- > 0;) word = word << 8U | static_cast<unsigned char>(bytes[at + i]);
  return word;
}

/// A function of three words, what is added in its round, the shifts of its four steps, and the
/// order in which it takes the words of a block.
struct Round {
  Word (*mix)(Word, Word, Word);
  Word constant;
  std::array<int, 4> shifts;
  std::array<std::size_t, 16> order;
};

constexpr std::array rounds{
    Round{.mix = [](Word x, Word y, Word z) { return (x & y) | (~x & z); },
          .constant = 0,
          .shifts = {3, 7, 11, 19},
          .order = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}},
    Round{.mix = [](Word x, Word y, Word z) { return (x & y) | (x & z) | (y & z); },
          .constant = 0x5a827999,
          .shifts = {3, 5, 9, 13},
          .order = {0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15}},
    Round{.mix = [](Word x, Word y, Word z) { return x ^ y ^ z; },
          .constant = 0x6ed9eba1,
          .shifts = {3, 9, 11, 15},
          .order = {0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15}},
};

void take(State& state, std::string_view block) {
  State now = state;
  for (const Round& round : rounds) {
    for (std::size_t step = 0; step < 16; ++step) {
      const Word sum = now[0] + round.mix(now[1], now[2], now[3]) +
                       word_at(block, 4 * round.order.at(step)) + round.constant;
      now = {now[3], std::rotl(sum, round.shifts.at(step % 4)), now[1], now[2]};
    }
  }
  for (std::size_t i = 0; i < state.size(); ++i) state.at(i) += now.at(i);
}

}  // namespace

Digest<16> md4(std::string_view text) {
  State state{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  const std::uint64_t bits = std::uint64_t{text.size()} * 8;
  for (; text.size() >= block_size; text.remove_prefix(block_size))
    take(state, text.substr(0, block_size));
  std::string last(text);
  last += '\x80';
  while (last.size() % block_size != block_size - 8) last += '\0';
  for (unsigned i = 0; i < 8; ++i) last += static_cast<char>(bits >> (8 * i) & 0xffU);
  for (std::size_t at = 0; at < last.size(); at += block_size)
    take(state, std::string_view(last).substr(at, block_size));
  Digest<16> digest{};
  for (std::size_t i = 0; i < digest.size(); ++i)
    digest.at(i) = static_cast<std::byte>(state.at(i / 4) >> (8 * (i % 4)) & 0xffU);
  return digest;
}

}  // namespace kith::crypto
