#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include "kith/base/address.h"
#include "kith/capture/packet_reader.h"

namespace kith::capture {

/// A UDP datagram; RFC 768. Its text points into the packet, as that of a segment does.
struct Datagram {
  Address from;
  Address to;
  std::string_view payload;
  bool whole = true;  // false: the capture has only its beginning
};

/// A TCP segment; RFC 9293.
struct Segment {
  Address from;
  Address to;
  std::uint32_t sequence = 0;
  bool syn = false;
  bool fin = false;
  bool rst = false;
  std::string_view payload;
  bool whole = true;
};

/// A packet that may hold SIP and is not read.
struct Unread {
  std::string_view why;  // static storage
  Address from{};        // as far as it is known
  Address to{};
};

/// Anything else.
struct OtherProtocol {};

using Carried = std::variant<OtherProtocol, Datagram, Segment, Unread>;

/// What a packet carries: through Ethernet with VLAN tags, Linux cooked capture v1 and v2, loopback
/// or nothing at all, and IPv4 or IPv6. Checksums are not looked at: network cards fill them in
/// after the capture.
Carried unpack(const Packet& packet);

}  // namespace kith::capture
