#pragma once

#include <bitset>
#include <cstdint>

namespace kith::auth {

/// Which sequence numbers of a security association were seen: the highest, and which of the 255
/// below it. At first the window is 1 to 256. Ask only with numbers whose signature was verified: a
/// forged number must not move the window.
class ReplayWindow {
 public:
  static constexpr std::uint32_t size = 256;

  /// True once for each number: false for a number seen before, below the window, or 0.
  bool accept(std::uint32_t number);

  /// The highest number accepted; 0 before the first.
  std::uint32_t highest() const { return highest_; }

 private:
  std::bitset<size> seen_;  // by number modulo size
  std::uint32_t highest_ = 0;
};

}  // namespace kith::auth
