#include "kith/sip/header_index.h"

namespace kith::sip {

std::size_t HeaderIndex::find(const HeaderKey& key, const char* bytes, std::size_t from) const {
  for (std::size_t i = from; i < size_; ++i)
    if (same_name(key, data()[i], bytes)) return i;
  return none;
}

void HeaderIndex::insert(std::size_t at, const HeaderEntry& entry) {
  push_back(entry);
  HeaderEntry* const entries = data();
  std::rotate(entries + at, entries + size_ - 1, entries + size_);
  remember_all();
}

void HeaderIndex::erase(std::size_t at) {
  HeaderEntry* const entries = data();
  std::copy(entries + at + 1, entries + size_, entries + at);
  --size_;
  remember_all();
}

void HeaderIndex::remember_all() {
  first_ = {};
  twice_ = 0;
  must_search_ = size_ > std::numeric_limits<std::uint8_t>::max();
  for (std::size_t i = 0; i < size_; ++i) remember(data()[i], i + 1);
}

void HeaderIndex::grow() {
  auto larger = std::make_unique_for_overwrite<HeaderEntry[]>(2U * capacity_);
  std::copy_n(data(), size_, larger.get());
  heap_ = std::move(larger);
  capacity_ *= 2;
}

void HeaderIndex::assign(const HeaderIndex& other) {
  if (other.heap_) {
    heap_ = std::make_unique_for_overwrite<HeaderEntry[]>(other.capacity_);
    capacity_ = other.capacity_;
  } else {
    heap_.reset();
    capacity_ = inline_max;
  }
  size_ = other.size_;
  std::copy_n(other.data(), size_, data());
  remember_all();
}

void HeaderIndex::take(HeaderIndex& other) noexcept {
  if (!other.heap_) std::copy_n(other.inline_.data(), other.size_, inline_.data());
  heap_ = std::move(other.heap_);
  capacity_ = std::exchange(other.capacity_, static_cast<std::uint32_t>(inline_max));
  size_ = std::exchange(other.size_, 0U);
  remember_all();
  other.remember_all();
}

}  // namespace kith::sip
