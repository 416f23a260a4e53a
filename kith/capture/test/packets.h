#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "kith/base/address.h"
#include "kith/capture/bytes.h"

// Makes packets and files of them, byte by byte, for tests.
namespace kith::capture::test {

inline std::string number(std::uint64_t value, std::size_t size, ByteOrder order = ByteOrder::big) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i, value >>= 8U)
    bytes[order == ByteOrder::little ? i : size - 1 - i] = static_cast<char>(value & 0xffU);
  return bytes;
}

inline const Address alice = Address::v4(192, 0, 2, 1, 5060);
inline const Address bob = Address::v4(192, 0, 2, 2, 5060);

inline std::string ip_of(const Address& address, std::size_t size) {
  return {reinterpret_cast<const char*>(address.ip.data()) + 16 - size, size};
}

/// `fragment`: the field of flags and offset.
inline std::string ipv4(std::uint8_t protocol, std::string_view payload,
                        const Address& from = alice, const Address& to = bob,
                        std::uint16_t fragment = 0) {
  std::string bytes = number(0x45, 1) + number(0, 1) + number(20 + payload.size(), 2) +
                      number(1, 2) + number(fragment, 2) + number(64, 1) + number(protocol, 1) +
                      number(0, 2) + ip_of(from, 4) + ip_of(to, 4);
  return bytes.append(payload);
}

/// `next` is the type of what the payload begins with.
inline std::string ipv6(std::uint8_t next, std::string_view payload, const Address& from,
                        const Address& to) {
  std::string bytes = number(0x60000000, 4) + number(payload.size(), 2) + number(next, 1) +
                      number(64, 1) + ip_of(from, 16) + ip_of(to, 16);
  return bytes.append(payload);
}

inline std::string udp(std::string_view payload, const Address& from = alice,
                       const Address& to = bob) {
  std::string bytes =
      number(from.port, 2) + number(to.port, 2) + number(8 + payload.size(), 2) + number(0, 2);
  return bytes.append(payload);
}

inline constexpr std::uint8_t fin = 1;
inline constexpr std::uint8_t syn = 2;
inline constexpr std::uint8_t rst = 4;

inline std::string tcp(std::uint32_t sequence, std::string_view payload, std::uint8_t flags = 0,
                       const Address& from = alice, const Address& to = bob) {
  std::string bytes = number(from.port, 2) + number(to.port, 2) + number(sequence, 4) +
                      number(0, 4) + number(0x50, 1) + number(flags, 1) + number(1024, 2) +
                      number(0, 4);
  return bytes.append(payload);
}

inline constexpr std::uint32_t raw_ip = 101;

inline std::string pcap_header(std::uint32_t link = raw_ip, ByteOrder order = ByteOrder::little,
                               std::uint32_t magic = 0xa1b2c3d4) {
  return number(magic, 4, order) + number(2, 2, order) + number(4, 2, order) + number(0, 8, order) +
         number(262144, 4, order) + number(link, 4, order);
}

inline std::string record(std::string_view packet, ByteOrder order = ByteOrder::little,
                          std::uint32_t seconds = 1000, std::uint32_t fraction = 250000) {
  std::string bytes = number(seconds, 4, order) + number(fraction, 4, order) +
                      number(packet.size(), 4, order) + number(packet.size(), 4, order);
  return bytes.append(packet);
}

inline std::string block(std::uint32_t type, std::string body, ByteOrder order) {
  body.append((4 - body.size() % 4) % 4, '\0');
  const std::string size = number(12 + body.size(), 4, order);
  return number(type, 4, order) + size + body + size;
}

inline std::string section(ByteOrder order) {
  return block(0x0a0d0d0a,
               number(0x1a2b3c4d, 4, order) + number(1, 2, order) + number(0, 2, order) +
                   std::string(8, '\xff'),
               order);
}

inline std::string interface(ByteOrder order, const std::string& options = {},
                             std::uint16_t link = raw_ip) {
  return block(1, number(link, 2, order) + number(0, 6, order) + options, order);
}

inline std::string enhanced(std::string_view packet, ByteOrder order, std::uint64_t ticks = 0,
                            std::uint32_t which = 0) {
  std::string body = number(which, 4, order) + number(ticks >> 32U, 4, order) +
                     number(ticks & 0xffffffffU, 4, order) + number(packet.size(), 4, order) +
                     number(packet.size(), 4, order);
  return block(6, body.append(packet), order);
}

}  // namespace kith::capture::test
