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

/// A number for a header name in any case: its first and its last four bytes, which of names up to
/// eight bytes are the name itself; longer ones of the same number are compared.
constexpr std::uint64_t hash_of(std::string_view name) {
  if (name.size() < 4) return lower_word(name);
  return lower_word(name.substr(0, 4)) | lower_word(name.substr(name.size() - 4)) << 32U;
}

/// Four bytes, the first one lowest.
inline std::uint32_t load_half_word(const char* at) {
  std::uint32_t half = 0;
  std::memcpy(&half, at, sizeof half);
  return std::endian::native == std::endian::big ? std::byteswap(half) : half;
}

/// The same of a name in a line, which has a colon and a line end behind it.
[[gnu::always_inline]] inline std::uint64_t hash_in_line(const char* name, const char* end) {
  const std::uint64_t head = load_half_word(name);
  const auto length = static_cast<std::size_t>(end - name);
  if (length < 4) return (head | every_byte * 0x20) & ((std::uint64_t{1} << 8U * length) - 1);
  return head | std::uint64_t{load_half_word(end - 4)} << 32U | every_byte * 0x20;
}

/// One of 64 slots for a hash. The factor is chosen so that the names of all usual headers fall
/// into slots of their own; where two do not, looking one up takes a search.
constexpr std::uint8_t slot_of(std::uint64_t hash) {
  return static_cast<std::uint8_t>((hash * 0x684C4459BF26D973U) >> 58U);
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
