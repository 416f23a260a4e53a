#include "kith/auth/failures.h"

#include <algorithm>

#include "kith/auth/limits.h"

namespace kith::auth {

Address source_of(const Address& peer) {
  Address source{.ip = peer.ip, .port = 0};
  if (!peer.is_v4()) std::fill(source.ip.begin() + 8, source.ip.end(), std::uint8_t{0});
  return source;
}

void Failures::count(const Address& peer, Time now) {
  const Address source = source_of(peer);
  auto found = counts_.find(source);
  if (found == counts_.end()) {
    make_room(now);
    found = counts_.emplace(source, Count{}).first;
  }
  Count& count = found->second;
  if (now >= count.until) count = {.failures = 0, .until = now + limits::failures_period};
  ++count.failures;
}

bool Failures::too_many(const Address& peer, Time now) const {
  const auto found = counts_.find(source_of(peer));
  return found != counts_.end() && now < found->second.until &&
         found->second.failures >= limits::failures_per_source_max;
}

Time Failures::until(const Address& peer) const {
  const auto found = counts_.find(source_of(peer));
  return found == counts_.end() ? Time{} : found->second.until;
}

void Failures::make_room(Time now) {
  if (counts_.size() < limits::failing_sources_max) return;
  std::erase_if(counts_, [now](const auto& entry) { return now >= entry.second.until; });
  if (counts_.size() < limits::failing_sources_max) return;
  counts_.erase(
      std::ranges::min_element(counts_, {}, [](const auto& entry) { return entry.second.until; }));
}

}  // namespace kith::auth
