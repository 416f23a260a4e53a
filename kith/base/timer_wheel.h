#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "kith/base/time.h"

namespace kith {

/// One timer for each of many items; a million may wait. Setting, stopping and firing cost the
/// same however many there are. An item is a small number that its owner chose, such as an index:
/// memory grows with the largest.
///
/// A timer never fires early, and at most one millisecond late.
///
/// Six bits of the time at each level: an item waits at the level of the highest bits in which its
/// time differs from the present, and moves down when the present reaches its slot.
class TimerWheel {
 public:
  TimerWheel();

  /// Replaces the item's former time. `never` stops it.
  void set(std::uint32_t item, Time when);
  void stop(std::uint32_t item);
  bool running(std::uint32_t item) const;
  std::size_t size() const { return size_; }

  /// One item whose time has come, no longer running; nothing when there is none. In the order of
  /// their times to the millisecond. `now` does not go back.
  std::optional<std::uint32_t> expired(Time now);

  /// When to call expired() again: never later than the earliest timer fires, perhaps earlier.
  Time next() const;

 private:
  static constexpr unsigned bits = 6;
  static constexpr unsigned slots = 1U << bits;
  static constexpr unsigned levels = 11;                // 66 bits hold every time
  static constexpr std::uint32_t due = levels * slots;  // the list of those whose time has come
  static constexpr std::uint32_t none = 0xffffffff;

  struct Node {
    std::uint64_t tick = 0;
    std::uint32_t list = none;
    std::uint32_t before = none;
    std::uint32_t after = none;
  };

  void insert(std::uint32_t item);
  void unlink(std::uint32_t item);
  void advance(std::uint64_t tick);
  std::optional<std::uint64_t> next_slot(unsigned& level, unsigned& slot) const;

  std::vector<Node> nodes_;
  std::array<std::uint32_t, due + 1> first_;
  std::array<std::uint32_t, due + 1> last_;
  std::array<std::uint64_t, levels> occupied_{};  // a bit for each slot with items
  std::uint64_t present_ = 0;
  std::size_t size_ = 0;
};

}  // namespace kith
