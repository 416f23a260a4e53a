#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "kith/base/time.h"
#include "kith/base/transport.h"
#include "kith/location/limits.h"
#include "kith/location/overrides.h"
#include "kith/location/records.h"
#include "kith/sip/uri.h"

namespace kith::location {

/// What a Location may use, and how long it remembers: RFC 3263.
struct Config {
  std::vector<Transport> transports{Transport::udp, Transport::tcp, Transport::tls};  // best first
  std::vector<RecordType> families{RecordType::aaaa, RecordType::a};  // that are routed; best first
  // A longer request goes by a stream: RFC 3261 §18.1.1. Where the path MTU is known: that less
  // 200.
  std::size_t datagram_request_size_bytes_max = 1300;
  Duration avoid_for = 60s;  // a server that failed; one that said Retry-After: as long as it said
  Overrides overrides{};
  Limits limits{};
};

/// A request that is to be sent. The URI is that of the topmost Route, or the Request-URI:
/// RFC 3261 §8.1.2
struct Request {
  sip::Uri uri{};
  std::size_t size_bytes = 0;
  // Equal numbers choose equally among servers of equal priority: for a stateless proxy, which must
  // send a retransmission where it sent the request (RFC 3263 §4.4). Otherwise chosen at random.
  std::optional<std::uint64_t> choice{};
};

}  // namespace kith::location
