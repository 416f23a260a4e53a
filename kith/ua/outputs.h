#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "kith/ua/endpoint.h"

namespace kith::ua {

/// What an endpoint puts out, first in, first out. It is taken soon, and there is always more of
/// it: the memory is kept for the next, as long as it is not much.
class Outputs {
 public:
  std::size_t size() const { return items_.size() - first_; }

  template <class... Arguments>
  void add(Arguments&&... arguments) {
    insert(size(), std::forward<Arguments>(arguments)...);
  }
  /// Before the one of that number, or at the end.
  template <class... Arguments>
  void insert(std::size_t number, Arguments&&... arguments) {
    if (items_.size() == items_.capacity() && first_ > items_.size() / 2) drop_taken();
    const auto at = items_.begin() + static_cast<std::ptrdiff_t>(first_ + number);
    items_.emplace(at, std::forward<Arguments>(arguments)...);
  }
  std::optional<Output> take() {
    if (first_ == items_.size()) return std::nullopt;
    std::optional<Output> output{std::move(items_[first_++])};
    if (first_ == items_.size()) clear();
    return output;
  }

 private:
  static constexpr std::size_t kept_max = 64;

  void drop_taken() {
    items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
  void clear() {
    items_.clear();
    first_ = 0;
    if (items_.capacity() > kept_max) items_.shrink_to_fit();
  }

  std::vector<Output> items_;
  std::size_t first_ = 0;  // those before it are taken
};

}  // namespace kith::ua
