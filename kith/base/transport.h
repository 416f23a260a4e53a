#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

namespace kith {

/// What carries a message to the next hop. RFC 3261 §18
enum class Transport : std::uint8_t { udp, tcp, tls };

/// As it is written in Via: "UDP", "TCP" or "TLS". RFC 3261 §20.42
inline std::string_view to_string(Transport transport) {
  switch (transport) {
    case Transport::udp:
      return "UDP";
    case Transport::tcp:
      return "TCP";
    case Transport::tls:
      return "TLS";
  }
  std::unreachable();
}

/// Whether it keeps a connection: bytes arrive all, once and in order, but not message by message.
inline bool is_stream(Transport transport) { return transport != Transport::udp; }

}  // namespace kith
