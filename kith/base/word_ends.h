#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace kith {

/// Letters, digits, hyphens and dots: what names, hosts and numbers are made of.
constexpr bool is_word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.';
}

/// Where the words of a text end: a bit for each of its bytes, from the lowest of the first byte
/// on, set for each that is no word character. Made for a whole text at once, it spares whoever
/// reads that text most of the loops over its bytes.
class WordEnds {
 public:
  WordEnds() = default;
  /// `bits` goes on for at least 64 bits after the text, whose last byte ends a word.
  explicit WordEnds(const unsigned char* bits) : bits_(bits) {}

  explicit operator bool() const { return bits_ != nullptr; }

  /// The first byte from `at` on that is no word character; there is one.
  [[gnu::always_inline]] const char* next(const char* text, const char* at) const {
    const std::uint64_t ends = ends_from(bits_, static_cast<std::size_t>(at - text));
    if (ends == 0) [[unlikely]]
      return next_but_far(bits_, text, at);
    return at + static_cast<unsigned>(std::countr_zero(ends));
  }

  /// The ends from `at` on, the one of that byte lowest. At least 57 bits mean something, and zeros
  /// stand for the others.
  [[gnu::always_inline]] std::uint64_t from(const char* text, const char* at) const {
    return ends_from(bits_, static_cast<std::size_t>(at - text));
  }

  static std::uint64_t load(const unsigned char* at) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, at, sizeof bits);
    return std::endian::native == std::endian::big ? std::byteswap(bits) : bits;
  }
  static void store(std::uint64_t bits, unsigned char* at) {
    if constexpr (std::endian::native == std::endian::big) bits = std::byteswap(bits);
    std::memcpy(at, &bits, sizeof bits);
  }

 private:
  /// The bit of that byte is the lowest; at least 57 bits mean something.
  [[gnu::always_inline]] static std::uint64_t ends_from(const unsigned char* bits,
                                                        std::size_t offset) {
    return load(bits + offset / 8) >> offset % 8;
  }
  /// As next(), where ends_from() has none. Static, so that whoever asks can stay in registers.
  [[gnu::noinline]] static const char* next_but_far(const unsigned char* bits, const char* text,
                                                    const char* at) {
    std::uint64_t ends = 0;
    auto offset = static_cast<std::size_t>(at - text);
    for (; ends == 0; ends = ends_from(bits, offset)) offset += 64 - offset % 8;
    return text + offset + std::countr_zero(ends);
  }

  const unsigned char* bits_ = nullptr;
};

}  // namespace kith
