#include "kith/auth/replay_window.h"

namespace kith::auth {

bool ReplayWindow::accept(std::uint32_t number) {
  if (number == 0) return false;
  if (number > highest_) {
    if (number - highest_ >= size)
      seen_.reset();
    else
      for (std::uint32_t n = highest_ + 1; n < number; ++n) seen_.reset(n % size);
    highest_ = number;
    seen_.set(number % size);
    return true;
  }
  if (highest_ - number >= size || seen_.test(number % size)) return false;
  seen_.set(number % size);
  return true;
}

}  // namespace kith::auth
