#include "kith/ua/keep_alive.h"

#include <algorithm>

namespace kith::ua {
namespace {

constexpr Duration pong_timer = 10s;  // RFC 5626 §4.4.1
constexpr int least_percent = 80;     // RFC 5626 §4.4

}  // namespace

void KeepAlive::set(std::optional<Duration> most, Time now, Random& random) {
  most_ = most;
  if (pong_by_ == never) schedule(now, random);
}

/// RFC 5626 §4.4: the time between two pings is never the same twice, so that those who were cut
/// off together do not come back together.
void KeepAlive::schedule(Time now, Random& random) {
  ping_at_ = most_ ? now + some_of(*most_, least_percent, random) : never;
}

KeepAlive::Due KeepAlive::due(const Flow& flow, Time now, Random& random) {
  if (pong_by_ <= now) {
    *this = {};
    return Due::failed;
  }
  if (ping_at_ > now) return Due::nothing;
  if (is_stream(flow.transport)) {
    ping_at_ = never;
    pong_by_ = now + pong_timer;
  } else {
    schedule(now, random);
  }
  return Due::ping;
}

void KeepAlive::pong(Time now, Random& random) {
  if (pong_by_ == never) return;
  pong_by_ = never;
  schedule(now, random);
}

Time KeepAlive::next() const { return std::min(ping_at_, pong_by_); }

Duration some_of(Duration longest, int percent, Random& random) {
  const Duration least = longest / 100 * percent;
  const auto span = static_cast<std::uint64_t>((longest - least).count());
  return least + Duration(static_cast<Duration::rep>(random.number() % (span + 1)));
}

}  // namespace kith::ua
