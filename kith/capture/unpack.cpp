#include "kith/capture/unpack.h"

#include <algorithm>

#include "kith/capture/bytes.h"
#include "kith/capture/limits.h"

namespace kith::capture {

namespace {

constexpr Unread too_short{"a packet too short for its headers"};

constexpr std::uint8_t tcp = 6;
constexpr std::uint8_t udp = 17;

/// An IP packet: from whom to whom, and what is behind its header.
struct Carrier {
  Address from;
  Address to;
  std::string_view payload;
  bool whole = true;
};

Address v4_at(std::string_view bytes, std::size_t at) {
  return Address::v4(u8(bytes, at), u8(bytes, at + 1), u8(bytes, at + 2), u8(bytes, at + 3), 0);
}

Address v6_at(std::string_view bytes, std::size_t at) {
  Address address;
  for (std::size_t i = 0; i < 16; ++i) address.ip[i] = u8(bytes, at + i);
  return address;
}

/// Keeps `size` bytes; 0 stands for all that there are, as network cards that cut segments do.
void limit(Carrier& carrier, std::size_t size) {
  carrier.whole = size <= carrier.payload.size();
  if (size > 0 && carrier.whole) carrier.payload = carrier.payload.substr(0, size);
}

Carried unpack_udp(Carrier carrier) {
  if (carrier.payload.size() < 8) return Unread{too_short.why, carrier.from, carrier.to};
  carrier.from.port = u16(carrier.payload, 0);
  carrier.to.port = u16(carrier.payload, 2);
  const std::size_t size = u16(carrier.payload, 4);
  const bool whole = carrier.whole;
  if (size != 0 && size < 8) return Unread{too_short.why, carrier.from, carrier.to};
  limit(carrier, size);
  return Datagram{.from = carrier.from,
                  .to = carrier.to,
                  .payload = carrier.payload.substr(8),
                  .whole = whole && carrier.whole};
}

Carried unpack_tcp(Carrier carrier) {
  const std::string_view bytes = carrier.payload;
  if (bytes.size() < 20) return Unread{too_short.why, carrier.from, carrier.to};
  carrier.from.port = u16(bytes, 0);
  carrier.to.port = u16(bytes, 2);
  const std::size_t header = (u8(bytes, 12) >> 4U) * 4U;
  if (header < 20 || header > bytes.size()) return Unread{too_short.why, carrier.from, carrier.to};
  const unsigned flags = u8(bytes, 13);
  return Segment{.from = carrier.from,
                 .to = carrier.to,
                 .sequence = u32(bytes, 4),
                 .syn = (flags & 2U) != 0,
                 .fin = (flags & 1U) != 0,
                 .rst = (flags & 4U) != 0,
                 .payload = bytes.substr(header),
                 .whole = carrier.whole};
}

Carried unpack_transport(std::uint8_t protocol, const Carrier& carrier) {
  if (protocol == udp) return unpack_udp(carrier);
  if (protocol == tcp) return unpack_tcp(carrier);
  return OtherProtocol{};
}

/// RFC 791
Carried unpack_v4(std::string_view bytes) {
  if (bytes.size() < 20) return too_short;
  Carrier carrier{.from = v4_at(bytes, 12), .to = v4_at(bytes, 16), .payload = {}};
  const std::size_t header = (u8(bytes, 0) & 0xfU) * 4U;
  const std::size_t total = u16(bytes, 2);
  if (header < 20 || header > bytes.size() || (total != 0 && total < header))
    return Unread{too_short.why, carrier.from, carrier.to};
  const std::uint8_t protocol = u8(bytes, 9);
  if (protocol != udp && protocol != tcp) return OtherProtocol{};
  if ((u16(bytes, 6) & 0x3fffU) != 0)
    return Unread{"a fragment of an IPv4 packet", carrier.from, carrier.to};
  carrier.payload = bytes.substr(header);
  limit(carrier, total == 0 ? 0 : total - header);
  return unpack_transport(protocol, carrier);
}

/// RFC 8200: extension headers, then what is carried. A fragment header of a packet that is whole
/// has no effect.
Carried unpack_v6(std::string_view bytes) {
  if (bytes.size() < 40) return too_short;
  Carrier carrier{.from = v6_at(bytes, 8), .to = v6_at(bytes, 24), .payload = bytes.substr(40)};
  limit(carrier, u16(bytes, 4));
  std::uint8_t protocol = u8(bytes, 6);
  for (std::size_t i = 0; i < nested_headers_max; ++i) {
    const bool fragment = protocol == 44;
    const bool authentication = protocol == 51;
    const bool extension =
        protocol == 0 || protocol == 43 || protocol == 60 || fragment || authentication;
    if (!extension) return unpack_transport(protocol, carrier);
    std::string_view& rest = carrier.payload;
    if (rest.size() < 8) return Unread{too_short.why, carrier.from, carrier.to};
    if (fragment && (u16(rest, 2) & 0xfff9U) != 0)
      return Unread{"a fragment of an IPv6 packet", carrier.from, carrier.to};
    std::size_t size = 8;
    if (authentication) size = (u8(rest, 1) + 2U) * 4U;
    if (!authentication && !fragment) size = (u8(rest, 1) + 1U) * 8U;
    if (size > rest.size()) return Unread{too_short.why, carrier.from, carrier.to};
    protocol = u8(rest, 0);
    rest.remove_prefix(size);
  }
  return Unread{"too many extension headers of IPv6", carrier.from, carrier.to};
}

Carried unpack_ip(std::string_view bytes) {
  if (bytes.empty()) return too_short;
  const unsigned version = u8(bytes, 0) >> 4U;
  if (version == 4) return unpack_v4(bytes);
  return version == 6 ? unpack_v6(bytes) : Carried{OtherProtocol{}};
}

/// By EtherType, through VLAN tags.
Carried unpack_type(std::uint16_t type, std::string_view bytes) {
  for (std::size_t tags = 0; type == 0x8100 || type == 0x88a8 || type == 0x9100; ++tags) {
    if (tags == nested_headers_max) return Unread{"too many VLAN tags"};
    if (bytes.size() < 4) return too_short;
    type = u16(bytes, 2);
    bytes.remove_prefix(4);
  }
  if (type == 0x0800) return unpack_v4(bytes);
  return type == 0x86dd ? unpack_v6(bytes) : Carried{OtherProtocol{}};
}

/// A link header of a fixed size that has the EtherType somewhere.
Carried unpack_link(std::string_view bytes, std::size_t size, std::size_t type_at) {
  if (bytes.size() < size) return too_short;
  return unpack_type(u16(bytes, type_at), bytes.substr(size));
}

/// Four bytes that name the address family, in a byte order of their own; the packet says it too.
Carried unpack_loopback(std::string_view bytes) {
  return bytes.size() < 4 ? Carried{too_short} : unpack_ip(bytes.substr(4));
}

}  // namespace

Carried unpack(const Packet& packet) {
  switch (packet.link) {
    case 0:    // NULL
    case 108:  // LOOP
      return unpack_loopback(packet.bytes);
    case 1:  // ETHERNET
      return unpack_link(packet.bytes, 14, 12);
    case 12:   // RAW, by the number some systems have for it
    case 14:   // RAW, by another
    case 101:  // RAW
    case 228:  // IPV4
    case 229:  // IPV6
      return unpack_ip(packet.bytes);
    case 113:  // LINUX_SLL
      return unpack_link(packet.bytes, 16, 14);
    case 276:  // LINUX_SLL2
      return unpack_link(packet.bytes, 20, 0);
    default:
      return Unread{"a link type that is not read"};
  }
}

}  // namespace kith::capture
