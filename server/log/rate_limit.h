#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "kith/base/time.h"

namespace kith::log {

/// A peer may provoke a line with each message: of each event, lines_per_second_max are written in
/// one second, and the others are counted.
class RateLimit {
 public:
  struct HeldBack {
    std::string_view event;
    std::uint64_t lines = 0;

    bool operator==(const HeldBack&) const = default;
  };

  /// Whether a line of this event is written; the event has static storage.
  bool admit(std::string_view event, Time now);
  /// Of which events lines were held back in seconds that are over by now; each is said once.
  std::vector<HeldBack> over(Time now);

 private:
  struct Second {
    Time begins{};
    std::uint64_t lines = 0;
  };
  std::map<std::string_view, Second> events_;  // as many as there are kinds of lines
};

}  // namespace kith::log
