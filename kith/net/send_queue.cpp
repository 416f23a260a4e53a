#include "kith/net/send_queue.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

namespace kith::net {

void SendQueue::push(std::string bytes) {
  if (bytes.empty()) return;
  // What is gone is cleared away once it is the larger part, so that each message moves once or so.
  if (messages_.size() == messages_.capacity() && first_ * 2 > messages_.size()) {
    messages_.erase(messages_.begin(), messages_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
  size_bytes_ += bytes.size();
  messages_.push_back(std::move(bytes));
}

std::size_t SendQueue::vectors(std::span<iovec> out) const {
  const std::size_t count = std::min(out.size(), messages_.size() - first_);
  std::size_t offset = offset_;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string& message = messages_[first_ + i];
    // writev does not write to it; its type does not know.
    out[i] = {const_cast<char*>(message.data()) + offset, message.size() - offset};
    offset = 0;
  }
  return count;
}

std::string_view SendQueue::front(std::span<char> scratch) const {
  if (empty()) return {};
  const std::string_view first = std::string_view(messages_[first_]).substr(offset_);
  if (first.size() >= scratch.size() || first.size() == size_bytes_) return first;
  char* end = std::ranges::copy(first, scratch.data()).out;
  for (std::size_t i = first_ + 1; i < messages_.size(); ++i) {
    const auto room = static_cast<std::size_t>(scratch.data() + scratch.size() - end);
    end = std::ranges::copy(std::string_view(messages_[i]).substr(0, room), end).out;
    if (messages_[i].size() >= room) break;
  }
  return {scratch.data(), end};
}

void SendQueue::consume(std::size_t size_bytes) {
  assert(size_bytes <= size_bytes_);
  size_bytes_ -= size_bytes;
  while (size_bytes > 0) {
    std::string& message = messages_[first_];
    const std::size_t left = message.size() - offset_;
    if (size_bytes < left) {
      offset_ += size_bytes;
      return;
    }
    size_bytes -= left;
    offset_ = 0;
    if (keeps_sent_) sent_.push_back(std::move(message));
    std::string().swap(message);
    ++first_;
  }
  if (first_ == messages_.size()) {
    messages_.clear();
    first_ = 0;
  }
}

std::vector<std::string> SendQueue::take_unsent() {
  std::vector<std::string> messages = std::exchange(messages_, {});
  messages.erase(messages.begin(), messages.begin() + static_cast<std::ptrdiff_t>(first_));
  first_ = offset_ = size_bytes_ = 0;
  return messages;
}

}  // namespace kith::net
