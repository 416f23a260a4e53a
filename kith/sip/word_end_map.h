#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "kith/base/word_ends.h"
#include "kith/sip/scan.h"

namespace kith::sip {

/// The word ends of a message's header section, if that is not too long.
class WordEndMap {
 public:
  WordEndMap() = default;
  WordEndMap(const WordEndMap& other) { copy(other); }
  WordEndMap& operator=(const WordEndMap& other) {
    if (this != &other) copy(other);
    return *this;
  }
  WordEndMap(WordEndMap&& other) noexcept { take(other); }
  WordEndMap& operator=(WordEndMap&& other) noexcept {
    if (this != &other) take(other);
    return *this;
  }
  ~WordEndMap() = default;

  /// For find_ends(); then what it put there is kept, of a section of that size.
  WordEndSpan room() { return WordEndSpan{bits_.data(), word_ends_max / 8}; }
  void keep(std::size_t section_size) {
    size_ = section_size;
    WordEnds::store(0, bits_.data() + used());
  }

  /// Those of the text around that offset, or none.
  WordEnds around(std::size_t offset) const {
    return has(offset) ? WordEnds{bits_.data()} : WordEnds{};
  }
  bool has(std::size_t offset) const { return offset < size_; }

 private:
  static constexpr std::size_t padding = sizeof(std::uint64_t);

  /// Bytes of whole blocks of 64 bits.
  std::size_t used() const { return (size_ + 63) / 64 * 8; }
  void copy(const WordEndMap& other) {
    size_ = other.size_;
    if (size_ != 0) std::copy_n(other.bits_.data(), used() + padding, bits_.data());
  }

  // Nothing is known any more about text that was moved away.
  void take(WordEndMap& other) {
    copy(other);
    other.size_ = 0;
  }

  std::size_t size_ = 0;                                         // of the text
  std::array<unsigned char, word_ends_max / 8 + padding> bits_;  // of more nothing is known
};

}  // namespace kith::sip
