#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "kith/base/address.h"
#include "kith/base/transport.h"

namespace kith::location {

/// Where a message goes.
struct Target {
  Transport transport = Transport::udp;
  Address address;
  // What the peer's certificate must be for: the host of the URI, whatever the DNS made of it
  // (RFC 3263 §4.1). An IPv6 address is without its brackets.
  std::string tls_name{};
  std::optional<std::uint8_t> ttl{};  // where the address is a multicast group: RFC 3261 §18.1.1

  bool operator==(const Target&) const = default;
};

/// In which way a target failed: RFC 3263 §4.3
enum class Failure : std::uint8_t {
  refused,      // nobody listens there: a TCP reset, or ICMP "protocol unreachable"
  transport,    // the connection or TLS failed in another way, or ICMP said so
  timed_out,    // timer B or F fired, and there was no response at all
  unavailable,  // 503
};

/// Why there is no further target.
enum class Exhaustion : std::uint8_t {
  unusable,     // no sip or sips URI, or only transports that we do not speak
  not_found,    // there is no such server
  dns_failed,   // there may be one, but the DNS did not say
  all_failed,   // each target failed
  unavailable,  // the servers asked by Retry-After not to be called yet
  too_many_searches,
};

}  // namespace kith::location
