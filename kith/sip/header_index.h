#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

#include "kith/base/text.h"

namespace kith::sip {

/// Where text lies in the buffer of a message.
struct Slice {
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
};

/// A number for a header name in any case. Only a filter: names of one number are compared.
constexpr std::uint32_t hash_of(std::string_view name) {
  std::uint64_t hash = name.size();
  while (!name.empty()) {
    const std::size_t n = name.size() < 8 ? name.size() : 8;
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < n; ++i)
      word |= static_cast<std::uint64_t>(static_cast<unsigned char>(name[i]) | 0x20U) << (8 * i);
    hash = (hash ^ word) * 0x9E3779B97F4A7C15U;
    hash ^= hash >> 32;
    name.remove_prefix(n);
  }
  return static_cast<std::uint32_t>(hash);
}

/// The name that a lookup asks for, known at compile time where it asks by type.
struct HeaderKey {
  std::string_view full;
  char compact = '\0';
  bool multi = false;
  std::uint32_t hash = hash_of(full);
  std::uint32_t compact_hash = compact == '\0' ? hash : hash_of({&compact, 1});
};

/// One header line of a message: offsets into its buffer.
struct HeaderEntry {
  std::uint32_t hash;
  std::uint32_t name;
  std::uint32_t value;
  std::uint32_t value_length;
  std::uint32_t name_length;
};

/// The headers of a message in their order; the first 24 need no allocation.
class HeaderIndex {
 public:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  HeaderIndex() = default;
  HeaderIndex(const HeaderIndex& other) { assign(other); }
  HeaderIndex(HeaderIndex&& other) noexcept { take(other); }
  HeaderIndex& operator=(const HeaderIndex& other) {
    if (this != &other) assign(other);
    return *this;
  }
  HeaderIndex& operator=(HeaderIndex&& other) noexcept {
    if (this != &other) take(other);
    return *this;
  }
  ~HeaderIndex() = default;

  std::size_t size() const { return size_; }
  const HeaderEntry& operator[](std::size_t i) const { return data()[i]; }
  HeaderEntry& operator[](std::size_t i) { return data()[i]; }

  /// The first entry of that name from `from` on, or none.
  std::size_t find(const HeaderKey& key, const char* bytes, std::size_t from = 0) const {
    const HeaderEntry* entries = data();
    for (std::size_t i = from; i < size_; ++i) {
      const std::uint32_t hash = entries[i].hash;
      if ((hash == key.hash || hash == key.compact_hash) && same_name(key, entries[i], bytes))
        return i;
    }
    return none;
  }

  HeaderEntry& push_back() {
    if (size_ == capacity_) grow();
    return data()[size_++];
  }
  void insert(std::size_t at, const HeaderEntry& entry);
  void erase(std::size_t at);

 private:
  static constexpr std::size_t inline_max = 24;

  const HeaderEntry* data() const { return heap_ ? heap_.get() : inline_.data(); }
  HeaderEntry* data() { return heap_ ? heap_.get() : inline_.data(); }
  static bool same_name(const HeaderKey& key, const HeaderEntry& entry, const char* bytes);
  void grow();
  void assign(const HeaderIndex& other);
  void take(HeaderIndex& other) noexcept;

  std::unique_ptr<HeaderEntry[]> heap_;
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = inline_max;
  std::array<HeaderEntry, inline_max> inline_;  // only the first size_ mean anything
};

}  // namespace kith::sip
