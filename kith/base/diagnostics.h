#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace kith {

/// Something that the grammar forbids or that the RFCs discourage, and that was read all the same.
struct Leniency {
  std::string_view rule;   // what was tolerated, in words; static storage
  std::string_view where;  // header or element name; static storage
  std::size_t offset = 0;  // bytes into what was read

  bool operator==(const Leniency&) const = default;
};

/// What a lenient reading tolerated, in the order it was met; at most `size_max` entries, so that
/// hostile input cannot make it grow. Allocates nothing as long as nothing is tolerated.
class Diagnostics {
 public:
  static constexpr std::size_t size_max = 64;

  void add(const Leniency& leniency) {
    if (entries_.size() < size_max) entries_.push_back(leniency);
  }

  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }
  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }

  bool contains(std::string_view rule) const {
    for (const Leniency& entry : entries_)
      if (entry.rule == rule) return true;
    return false;
  }

  bool operator==(const Diagnostics&) const = default;

 private:
  std::vector<Leniency> entries_;
};

}  // namespace kith
