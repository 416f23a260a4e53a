#pragma once

#include <cstdint>
#include <optional>

#include "kith/base/flow.h"
#include "kith/base/random.h"
#include "kith/base/time.h"

namespace kith::ua {

/// When a flow is to be pinged by the side that opened it, and when it has failed: RFC 5626 §4.4.
/// For a stream: a ping wants its pong in 10 s. A datagram has none: RFC 5626 §3.5.1.
class KeepAlive {
 public:
  enum class Due : std::uint8_t {
    nothing,
    ping,    // to be sent now
    failed,  // nothing came back in time: the flow is to be closed
  };

  /// From now on, with at most `most` between two pings; nothing: not any more. A ping that waits
  /// for its pong goes on waiting.
  void set(std::optional<Duration> most, Time now, Random& random);
  /// What there is to do at this time.
  Due due(const Flow& flow, Time now, Random& random);
  void pong(Time now, Random& random);
  Time next() const;

 private:
  void schedule(Time now, Random& random);

  std::optional<Duration> most_{};
  Time ping_at_ = never;
  Time pong_by_ = never;
};

/// At random between `percent` of it and all of it.
Duration some_of(Duration longest, int percent, Random& random);

}  // namespace kith::ua
