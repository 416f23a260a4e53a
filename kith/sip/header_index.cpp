#include "kith/sip/header_index.h"

namespace kith::sip {

std::size_t HeaderIndex::find(const HeaderKey& key, const char* bytes, std::size_t from) const {
  for (std::size_t i = from; i < size_; ++i)
    if (same_name(key, entries_[i], bytes)) return i;
  return none;
}

const HeaderEntry* HeaderIndex::search(const HeaderKey& key, const char* bytes) const {
  const std::size_t at = find(key, bytes, 0);
  return at == none ? nullptr : &entries_[at];
}

void HeaderIndex::insert(std::size_t at, const HeaderEntry& entry) {
  push_back(entry);
  std::rotate(entries_ + at, entries_ + size_ - 1, entries_ + size_);
  remember_all();
}

void HeaderIndex::erase(std::size_t at) {
  std::copy(entries_ + at + 1, entries_ + size_, entries_ + at);
  --size_;
  remember_all();
}

void HeaderIndex::remember_all() {
  first_ = {};
  twice_ = 0;
  must_search_ = size_ > std::numeric_limits<std::uint8_t>::max();
  for (std::size_t i = 0; i < size_; ++i) remember(entries_[i], i + 1);
}

void HeaderIndex::grow() {
  auto larger = std::make_unique_for_overwrite<HeaderEntry[]>(2U * capacity_);
  std::copy_n(entries_, size_, larger.get());
  heap_ = std::move(larger);
  entries_ = heap_.get();
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
  entries_ = heap_ ? heap_.get() : inline_.data();
  size_ = other.size_;
  std::copy_n(other.entries_, size_, entries_);
  remember_all();
}

void HeaderIndex::take(HeaderIndex& other) noexcept {
  if (!other.heap_) std::copy_n(other.inline_.data(), other.size_, inline_.data());
  heap_ = std::move(other.heap_);
  entries_ = heap_ ? heap_.get() : inline_.data();
  other.entries_ = other.inline_.data();
  capacity_ = std::exchange(other.capacity_, static_cast<std::uint32_t>(inline_max));
  size_ = std::exchange(other.size_, 0U);
  twice_ = std::exchange(other.twice_, 0U);
  first_ = std::exchange(other.first_, {});
  must_search_ = std::exchange(other.must_search_, false);
}

}  // namespace kith::sip
