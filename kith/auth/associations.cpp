#include "kith/auth/associations.h"

#include <algorithm>
#include <utility>

#include "kith/auth/limits.h"

namespace kith::auth {

namespace {

constexpr Duration sweep_period = 30s;

Time end_of(const Association& association) {
  return std::min(association.ends, association.idle_until);
}

}  // namespace

bool Associations::put(const SaRef& device, Association association, Time now) {
  if (const auto old = associations_.find(device); old != associations_.end()) {
    associations_.erase(old);
  } else {
    if (associations_.size() >= limits::associations_max) expire(now);
    if (associations_.size() >= limits::associations_max) return false;
    drop_oldest_of(device.aor);
  }
  association.established = now;
  association.ends = std::min(association.ends, now + lifetime);
  association.idle_until = now + idle_unregistered;
  if (associations_.empty()) next_sweep_ = now + sweep_period;
  associations_.emplace(device, std::move(association));
  return true;
}

Association* Associations::find(const SaRef& device, Time now) {
  const auto found = associations_.find(device);
  if (found == associations_.end() || end_of(found->second) <= now) return nullptr;
  return &found->second;
}

void Associations::used(Association& association, Time now) const {
  association.idle_until = std::max(association.idle_until, now + idle_unregistered);
}

void Associations::registered(const SaRef& device, Time until) {
  const auto found = associations_.find(device);
  if (found == associations_.end()) return;
  found->second.idle_until = std::max(found->second.idle_until, until + idle_after_registration);
}

bool Associations::remove(const SaRef& device) { return associations_.erase(device) != 0; }

std::vector<SaRef> Associations::remove_user(const sip::Aor& aor) {
  std::vector<SaRef> removed;
  auto at = associations_.lower_bound(SaRef{.aor = aor, .epid = {}});
  while (at != associations_.end() && at->first.aor == aor) {
    removed.push_back(at->first);
    at = associations_.erase(at);
  }
  return removed;
}

std::vector<SaRef> Associations::expire(Time now) {
  std::vector<SaRef> ended;
  for (auto at = associations_.begin(); at != associations_.end();) {
    if (end_of(at->second) > now) {
      ++at;
      continue;
    }
    ended.push_back(at->first);
    at = associations_.erase(at);
  }
  next_sweep_ = now + sweep_period;
  return ended;
}

void Associations::drop_oldest_of(const sip::Aor& aor) {
  const auto first = associations_.lower_bound(SaRef{.aor = aor, .epid = {}});
  auto oldest = first;
  std::size_t count = 0;
  for (auto at = first; at != associations_.end() && at->first.aor == aor; ++at, ++count)
    if (at->second.established < oldest->second.established) oldest = at;
  if (count >= limits::associations_per_user_max) associations_.erase(oldest);
}

}  // namespace kith::auth
