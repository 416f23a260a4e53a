#pragma once

// What scan.h needs inline, which includes this; nobody else does.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "kith/sip/scan.h"

namespace kith::sip::detail {

/// 16 bytes, asked which of them are such and such: bit i of the answer is byte i.
class Bytes16 {
 public:
  static constexpr std::size_t size = 16;

  explicit Bytes16(const char* at) { std::memcpy(&bytes_, at, sizeof bytes_); }

  std::uint32_t equal(char wanted) const { return bits(bytes_ == byte(wanted)); }
  std::uint32_t letters_or_hyphens() const { return bits(letters() | (bytes_ == byte('-'))); }
  std::uint32_t word_chars() const {
    const Bytes from_hyphen = bytes_ - byte('-');
    return bits(letters() | ((from_hyphen <= byte('9' - '-')) & (bytes_ != byte('/'))));
  }

 private:
  using Bytes [[gnu::vector_size(16)]] = unsigned char;
  using Compared [[gnu::vector_size(16)]] = signed char;

  Compared letters() const { return ((bytes_ | byte(' ')) - byte('a')) < byte(26); }
  static constexpr unsigned char byte(char c) { return static_cast<unsigned char>(c); }
  /// A bit for each byte of a comparison, which are all ones or all zeros.
  static std::uint32_t bits(Compared compared) {
#if defined(__SSE2__)
    return static_cast<std::uint32_t>(_mm_movemask_epi8(std::bit_cast<__m128i>(compared)));
#else
    std::uint32_t mask = 0;
    for (std::size_t i = 0; i < size; ++i) mask |= std::uint32_t{compared[i] != 0} << i;
    return mask;
#endif
  }

  Bytes bytes_;
};

inline constexpr CharSet name_chars = letters | CharSet{"-"};
inline constexpr std::uint32_t plain_name_max = 32;

/// The rest of name_length(): a name of 16 bytes and more, or too little text behind it.
std::uint32_t long_name_length(const char* at, const char* text_end);
/// How many letters and hyphens a line begins with; looks no further than plain_name_max.
[[gnu::always_inline]] inline std::uint32_t name_length(const char* at, const char* text_end) {
  if (at <= text_end - Bytes16::size)
    if (const std::uint32_t odd = ~Bytes16(at).letters_or_hyphens() & 0xFFFF; odd != 0)
      return static_cast<std::uint32_t>(std::countr_zero(odd));
  return long_name_length(at, text_end);
}

}  // namespace kith::sip::detail

namespace kith::sip {

[[gnu::always_inline]] inline Line line_between(std::string_view text, std::uint32_t begin,
                                                std::uint32_t feed) {
  const char* const at = text.data() + begin;
  const std::uint32_t end = feed - 1;
  const std::uint32_t length = detail::name_length(at, text.data() + text.size());
  if (length != 0 && at[length] == ':') return {begin, begin + length, end, false, false, true};
  const void* const colon = std::memchr(at, ':', end - begin);
  const auto name = colon == nullptr ? end - begin : static_cast<const char*>(colon) - at;
  return {begin, begin + static_cast<std::uint32_t>(name), end, false, false, false};
}

}  // namespace kith::sip
