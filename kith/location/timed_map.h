#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <utility>

#include "kith/base/time.h"

namespace kith::location {

/// What is remembered until a time of its own, and of that only so much: over the bound, what ends
/// soonest makes room.
template <class Key, class Value>
class TimedMap {
 public:
  struct Entry {
    Value value;
    Time until;
  };

  explicit TimedMap(std::size_t most) : most_(most) {}

  /// In place of what there was under that key. What has ended already is not kept.
  void put(const Key& key, Value value, Time until, Time now) {
    erase(key);
    if (until <= now || most_ == 0) return;
    while (!ends_.empty() && (ends_.begin()->first <= now || entries_.size() >= most_))
      erase(Key(ends_.begin()->second));
    ends_.insert({until, key});
    entries_.insert({key, Entry{std::move(value), until}});
  }

  void erase(const Key& key) {
    const auto entry = entries_.find(key);
    if (entry == entries_.end()) return;
    ends_.erase({entry->second.until, key});
    entries_.erase(entry);
  }

  /// Null where there is none, or it has ended; valid until the next put() or erase().
  const Entry* find(const Key& key, Time now) const {
    const auto entry = entries_.find(key);
    return entry != entries_.end() && now < entry->second.until ? &entry->second : nullptr;
  }

  std::size_t size() const { return entries_.size(); }

 private:
  std::size_t most_;
  std::map<Key, Entry> entries_;
  std::set<std::pair<Time, Key>> ends_;
};

}  // namespace kith::location
