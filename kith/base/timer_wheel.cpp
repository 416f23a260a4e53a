#include "kith/base/timer_wheel.h"

#include <bit>

namespace kith {
namespace {

constexpr Duration tick_length = 1ms;

std::uint64_t ticks_until(Time time) {
  const auto since = time.time_since_epoch();
  if (since <= Duration::zero()) return 0;
  return static_cast<std::uint64_t>((since - Duration{1}) / tick_length) + 1;  // rounded up
}

std::uint64_t ticks_gone(Time time) {
  const auto since = time.time_since_epoch();
  return since <= Duration::zero() ? 0 : static_cast<std::uint64_t>(since / tick_length);
}

}  // namespace

TimerWheel::TimerWheel() {
  first_.fill(none);
  last_.fill(none);
}

void TimerWheel::set(std::uint32_t item, Time when) {
  stop(item);
  if (when == never) return;
  if (item >= nodes_.size()) nodes_.resize(std::size_t{item} + 1);
  nodes_[item].tick = ticks_until(when);
  insert(item);
  ++size_;
}

void TimerWheel::stop(std::uint32_t item) {
  if (!running(item)) return;
  unlink(item);
  --size_;
}

bool TimerWheel::running(std::uint32_t item) const {
  return item < nodes_.size() && nodes_[item].list != none;
}

void TimerWheel::insert(std::uint32_t item) {
  Node& node = nodes_[item];
  std::uint32_t list = due;
  if (node.tick > present_) {
    const unsigned level =
        (63U - static_cast<unsigned>(std::countl_zero(node.tick ^ present_))) / bits;
    const unsigned slot = static_cast<unsigned>(node.tick >> (level * bits)) & (slots - 1);
    occupied_[level] |= std::uint64_t{1} << slot;
    list = level * slots + slot;
  }
  node.list = list;
  node.before = last_[list];
  node.after = none;
  (node.before == none ? first_[list] : nodes_[node.before].after) = item;
  last_[list] = item;
}

void TimerWheel::unlink(std::uint32_t item) {
  Node& node = nodes_[item];
  (node.before == none ? first_[node.list] : nodes_[node.before].after) = node.after;
  (node.after == none ? last_[node.list] : nodes_[node.after].before) = node.before;
  if (node.list != due && first_[node.list] == none)
    occupied_[node.list / slots] &= ~(std::uint64_t{1} << (node.list % slots));
  node.list = none;
}

// Items at a lower level come before all at a higher one, and no slot before the present is
// occupied: the lowest level's first occupied slot is the next.
std::optional<std::uint64_t> TimerWheel::next_slot(unsigned& level, unsigned& slot) const {
  for (level = 0; level < levels; ++level) {
    if (occupied_[level] == 0) continue;
    slot = static_cast<unsigned>(std::countr_zero(occupied_[level]));
    const unsigned low = level * bits;
    const unsigned high = low + bits;
    const std::uint64_t above = high >= 64 ? 0 : (present_ >> high) << high;
    return above | (std::uint64_t{slot} << low);
  }
  return std::nullopt;
}

void TimerWheel::advance(std::uint64_t tick) {
  if (size_ == 0) {  // most wheels, most of the time
    if (tick > present_) present_ = tick;
    return;
  }
  unsigned level = 0;
  unsigned slot = 0;
  while (first_[due] == none) {
    const std::optional<std::uint64_t> start = next_slot(level, slot);
    if (!start || *start > tick) {
      if (tick > present_) present_ = tick;
      return;
    }
    present_ = *start;
    const std::uint32_t list = level * slots + slot;
    while (first_[list] != none) {
      const std::uint32_t item = first_[list];
      unlink(item);
      insert(item);
    }
  }
}

std::optional<std::uint32_t> TimerWheel::expired(Time now) {
  advance(ticks_gone(now));
  const std::uint32_t item = first_[due];
  if (item == none) return std::nullopt;
  unlink(item);
  --size_;
  return item;
}

Time TimerWheel::next() const {
  if (size_ == 0) return never;
  if (first_[due] != none) return Time{} + tick_length * static_cast<Duration::rep>(present_);
  unsigned level = 0;
  unsigned slot = 0;
  const std::optional<std::uint64_t> start = next_slot(level, slot);
  if (!start) return never;
  return Time{} + tick_length * static_cast<Duration::rep>(*start);
}

}  // namespace kith
