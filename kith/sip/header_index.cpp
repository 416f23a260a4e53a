#include "kith/sip/header_index.h"

namespace kith::sip {

void HeaderIndex::insert(std::size_t at, const HeaderEntry& entry) {
  const HeaderEntry copy = entry;
  push_back();
  HeaderEntry* const entries = data();
  std::copy_backward(entries + at, entries + size_ - 1, entries + size_);
  entries[at] = copy;
}

void HeaderIndex::erase(std::size_t at) {
  HeaderEntry* const entries = data();
  std::copy(entries + at + 1, entries + size_, entries + at);
  --size_;
}

bool HeaderIndex::same_name(const HeaderKey& key, const HeaderEntry& entry, const char* bytes) {
  const std::string_view name{bytes + entry.name, entry.name_length};
  if (name.size() == 1 && key.compact != '\0') return to_lower(name.front()) == key.compact;
  return name == key.full || equal_ignoring_case(name, key.full);  // most spell it as we do
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
}

void HeaderIndex::take(HeaderIndex& other) noexcept {
  if (!other.heap_) std::copy_n(other.inline_.data(), other.size_, inline_.data());
  heap_ = std::move(other.heap_);
  capacity_ = std::exchange(other.capacity_, static_cast<std::uint32_t>(inline_max));
  size_ = std::exchange(other.size_, 0U);
}

}  // namespace kith::sip
