#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

// Header names as numbers. Bit 0x20 is set in each byte, for names are compared in any case; among
// the characters of a token it tells apart nothing but the case of letters.

namespace kith::sip {

inline constexpr std::uint64_t every_byte = 0x0101010101010101U;

/// Eight bytes, the first one lowest.
inline std::uint64_t load_word(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return std::endian::native == std::endian::big ? std::byteswap(word) : word;
}

/// The same of fewer bytes, filled up with zeros; for the compiler, and for the end of a buffer.
constexpr std::uint64_t lower_word(std::string_view text) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    word |= static_cast<std::uint64_t>(static_cast<unsigned char>(text[i]) | 0x20U) << (8 * i);
  return word;
}

constexpr std::uint64_t mix(std::uint64_t head, std::uint64_t tail, std::size_t length) {
  return (head ^ (tail * 0x9E3779B97F4A7C15U)) + length;
}

/// A number for a header name in any case. Of names up to eight bytes it is the name itself; longer
/// ones of the same number are compared.
constexpr std::uint64_t hash_of(std::string_view name) {
  if (name.size() <= 8) return lower_word(name);
  return mix(lower_word(name.substr(0, 8)), lower_word(name.substr(name.size() - 8)), name.size());
}

/// The same; the name is not empty and stands in a text that ends at `text_end`.
[[gnu::always_inline]] inline std::uint64_t hash_of(const char* name, std::size_t length,
                                                    const char* text_end) {
  if (text_end - name < 8) return hash_of({name, length});
  const std::uint64_t head = load_word(name) | every_byte * 0x20;
  if (length <= 8) return head & (~std::uint64_t{0} >> (64 - 8 * length));
  return mix(head, load_word(name + length - 8) | every_byte * 0x20, length);
}

/// One of 64 slots for a hash. The factor is chosen so that the names of all usual headers fall
/// into slots of their own; where two do not, looking one up takes a search.
constexpr std::uint8_t slot_of(std::uint64_t hash) {
  return static_cast<std::uint8_t>((hash * 0xA9DA6025A6627DE9U) >> 58U);
}

/// Compares a name of more than eight bytes with as many bytes at `text`.
inline bool same_long_name(std::string_view name, const char* text) {
  const auto differ = [&](std::size_t at) {
    return ((load_word(name.data() + at) ^ load_word(text + at)) & ~(every_byte * 0x20)) != 0;
  };
  for (std::size_t at = 0; at + 8 < name.size(); at += 8)
    if (differ(at)) return false;
  return !differ(name.size() - 8);
}

}  // namespace kith::sip
