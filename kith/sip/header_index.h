#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string_view>
#include <utility>

#include "kith/sip/name_hash.h"

namespace kith::sip {

/// Where text lies in the buffer of a message.
struct Slice {
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
};

/// The name that a lookup asks for, known at compile time where it asks by type.
struct HeaderKey {
  std::string_view full;
  char compact = '\0';
  bool multi = false;
  std::uint64_t hash = hash_of(full);
  std::uint64_t compact_hash = compact == '\0' ? hash : hash_of({&compact, 1});
  std::uint8_t slot = slot_of(hash);
};

/// One header line of a message: offsets into its buffer.
struct HeaderEntry {
  std::uint64_t hash;
  std::uint32_t name;
  std::uint32_t value;
  std::uint32_t value_length;
  std::uint32_t name_length;

  Slice text() const { return {value, value_length}; }
};

/// The headers of a message in their order; the first 24 need no allocation.
class HeaderIndex {
 public:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  static constexpr std::size_t inline_max = 24;
  class Filler;

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
  const HeaderEntry& operator[](std::size_t i) const { return entries_[i]; }
  HeaderEntry& back() { return entries_[size_ - 1]; }
  /// Where an entry of this index stands in it.
  std::size_t place_of(const HeaderEntry& entry) const {
    return static_cast<std::size_t>(&entry - entries_);
  }

  /// The first entry of that name, or none.
  std::size_t find(const HeaderKey& key, const char* bytes) const {
    const HeaderEntry* const entry = first(key, bytes);
    return entry == nullptr ? none : place_of(*entry);
  }
  /// The same, nullptr for none.
  [[gnu::always_inline]] const HeaderEntry* first(const HeaderKey& key, const char* bytes) const {
    const std::size_t place = first_[key.slot];
    if (place != 0 && !must_search_) [[likely]]
      if (const HeaderEntry& entry = entries_[place - 1]; same_name(key, entry, bytes)) [[likely]]
        return &entry;
    return place == 0 && !must_search_ ? nullptr : search(key, bytes);
  }
  /// The same, from `from` on.
  std::size_t find(const HeaderKey& key, const char* bytes, std::size_t from) const;
  /// False if there is surely at most one entry of that name.
  bool may_repeat(const HeaderKey& key) const {
    return must_search_ || (twice_ & std::uint64_t{1} << key.slot) != 0;
  }

  void push_back(const HeaderEntry& entry) {
    if (size_ == capacity_) grow();
    entries_[size_] = entry;
    remember(entry, ++size_);
    must_search_ |= size_ > std::numeric_limits<std::uint8_t>::max();
  }
  void replace(std::size_t at, const HeaderEntry& entry) {
    entries_[at] = entry;
    remember_all();
  }
  void insert(std::size_t at, const HeaderEntry& entry);
  void erase(std::size_t at);

 private:
  const HeaderEntry* search(const HeaderKey& key, const char* bytes) const;
  [[gnu::always_inline]] static bool same_name(const HeaderKey& key, const HeaderEntry& entry,
                                               const char* bytes) {
    if (entry.hash == key.hash && entry.name_length == key.full.size())
      return entry.name_length <= 8 || same_long_name(key.full, bytes + entry.name);
    return entry.hash == key.compact_hash && entry.name_length == 1 && key.compact != '\0';
  }
  /// Of the entry that is the `place`-th, counted from 1.
  [[gnu::always_inline]] void remember(const HeaderEntry& entry, std::size_t place) {
    remember_slot(entry.hash, place);
    if (entry.name_length == 1) must_search_ = true;
  }
  [[gnu::always_inline]] void remember_slot(std::uint64_t hash, std::size_t place) {
    const std::size_t slot = slot_of(hash);
    if (first_[slot] == 0) [[likely]]
      first_[slot] = static_cast<std::uint8_t>(place);
    else
      twice_ |= std::uint64_t{1} << slot;
  }
  void remember_all();
  void grow();
  void assign(const HeaderIndex& other);
  void take(HeaderIndex& other) noexcept;

  std::unique_ptr<HeaderEntry[]> heap_;  // of more than inline_max
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = inline_max;
  // Names fall into 64 slots: where the first entry of each stands, counted from 1, and a bit for
  // each that is taken more than once. So most lookups find at once. Compact names fall into others
  // than the full ones; who writes them, and few do, is served by a search. So is the last of 256
  // headers, for which a byte has no number.
  std::uint64_t twice_ = 0;
  std::array<std::uint8_t, 64> first_{};
  bool must_search_ = false;
  std::array<HeaderEntry, inline_max> inline_;  // only the first size_ mean anything
  HeaderEntry* entries_ = inline_.data();       // or heap_
};

/// Puts up to inline_max headers into an empty index; nothing is there before done(). Keeps in
/// registers what push_back() would load and store.
class HeaderIndex::Filler {
 public:
  explicit Filler(HeaderIndex& index) : index_(index), next_(index.inline_.data()) {}

  std::size_t size() const { return size_; }
  [[gnu::always_inline]] HeaderEntry& next() { return *next_; }
  /// The entry of next() is complete.
  [[gnu::always_inline]] void keep() { index_.remember(*next_++, ++size_); }
  /// The same, but for the hash, which is of a name of more than one letter.
  [[gnu::always_inline]] void keep(std::uint64_t hash) {
    next_++->hash = hash;
    index_.remember_slot(hash, ++size_);
  }
  void done() { index_.size_ = static_cast<std::uint32_t>(size_); }

 private:
  HeaderIndex& index_;
  HeaderEntry* next_;
  std::size_t size_ = 0;
};

}  // namespace kith::sip
