#include "kith/capture/packet_reader.h"

#include <algorithm>
#include <array>
#include <limits>

#include "kith/capture/limits.h"

namespace kith::capture {

namespace {

constexpr std::uint32_t pcap_microseconds = 0xa1b2c3d4;
constexpr std::uint32_t pcap_nanoseconds = 0xa1b23c4d;
constexpr std::uint32_t section_block = 0x0a0d0d0a;  // the same in either byte order
constexpr std::uint32_t section_order = 0x1a2b3c4d;
constexpr std::uint32_t interface_block = 1;
constexpr std::uint32_t old_packet_block = 2;
constexpr std::uint32_t simple_packet_block = 3;
constexpr std::uint32_t enhanced_packet_block = 6;
constexpr std::uint16_t resolution_option = 9;
constexpr std::uint16_t offset_option = 14;

constexpr std::size_t pcap_header_size = 24;
constexpr std::size_t record_header_size = 16;
constexpr std::size_t block_frame_size = 12;  // type and length before, length again behind

constexpr std::uint64_t padded(std::uint64_t size) { return (size + 3) / 4 * 4; }

/// Ticks since 1970 as a time; what is too late to be one is the latest.
Time time_of(std::uint64_t ticks, std::uint8_t resolution, std::int64_t offset_seconds) {
  std::uint64_t seconds = 0;
  std::uint64_t nanoseconds = 0;
  const unsigned exponent = resolution & 0x7fU;
  if ((resolution & 0x80U) != 0) {
    seconds = ticks >> exponent;
    std::uint64_t fraction = ticks - (seconds << exponent);
    const unsigned bits = std::min(exponent, 30U);
    fraction >>= exponent - bits;
    nanoseconds = (fraction * 1'000'000'000U) >> bits;
  } else {
    std::uint64_t each = 1;  // ticks in a second
    for (unsigned i = 0; i < exponent; ++i) each *= 10;
    seconds = ticks / each;
    nanoseconds = ticks % each;
    for (unsigned i = exponent; i < 9; ++i) nanoseconds *= 10;
    for (unsigned i = 9; i < exponent; ++i) nanoseconds /= 10;
  }
  constexpr std::int64_t latest = std::numeric_limits<std::int64_t>::max() / 1'000'000'000 - 1;
  const auto bounded = static_cast<std::int64_t>(std::min<std::uint64_t>(seconds, latest));
  const auto offset = std::clamp(offset_seconds, -latest, latest - bounded);
  return Time{std::chrono::seconds{std::max(bounded + offset, std::int64_t{0})} +
              std::chrono::nanoseconds{nanoseconds}};
}

/// 10**19 is the greatest power of ten, 2**63 of two, in 64 bits.
bool is_resolution(std::uint8_t resolution) {
  return (resolution & 0x7fU) <= ((resolution & 0x80U) != 0 ? 63U : 19U);
}

}  // namespace

bool PacketReader::is_capture(std::string_view first_bytes) {
  if (first_bytes.size() < magic_size) return false;
  constexpr std::array magics{pcap_microseconds, pcap_nanoseconds, section_block};
  return std::ranges::any_of(magics, [first_bytes](std::uint32_t magic) {
    return u32(first_bytes, 0, ByteOrder::big) == magic ||
           u32(first_bytes, 0, ByteOrder::little) == magic;
  });
}

void PacketReader::push(std::string_view bytes) {
  if (lost_) return;
  consume(given_);
  given_ = 0;
  buffer_.erase(0, begin_);
  begin_ = 0;
  const auto unwanted = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, bytes.size()));
  skip_ -= unwanted;
  consumed_ += unwanted;
  buffer_.append(bytes.substr(unwanted));
}

std::optional<Result<Packet>> PacketReader::next() {
  consume(given_);
  given_ = 0;
  Packet packet;
  Step step = lost_ ? Step::lost : Step::other;
  while (step == Step::other) {
    if (format_ == Format::unknown)
      step = read_magic();
    else
      step = format_ == Format::pcap ? read_record(packet) : read_block(packet);
  }
  if (step == Step::lost) return std::unexpected(*lost_);
  if (step == Step::wait) return std::nullopt;
  return packet;
}

/// Past bytes of the file, even such as have not come yet.
void PacketReader::consume(std::size_t bytes) {
  const std::size_t here = std::min(bytes, buffered());
  begin_ += here;
  consumed_ += here;
  skip_ += bytes - here;
}

PacketReader::Step PacketReader::lose(Fault fault, std::string_view where) {
  lost_ = Error{fault, where, static_cast<std::size_t>(consumed_)};
  buffer_ = {};
  begin_ = 0;
  return Step::lost;
}

PacketReader::Step PacketReader::give(Packet& packet, std::string_view bytes) {
  packet.number = ++packets_;
  packet.time = time_;
  packet.bytes = bytes;
  return Step::packet;
}

PacketReader::Step PacketReader::read_magic() {
  if (buffered() < magic_size) return Step::wait;
  if (!is_capture(rest())) return lose(Fault::unsupported, "capture file");
  if (u32(rest(), 0) == section_block) {
    format_ = Format::pcapng;
    return Step::other;
  }
  if (buffered() < pcap_header_size) return Step::wait;
  const bool big = u32(rest(), 0) == pcap_microseconds || u32(rest(), 0) == pcap_nanoseconds;
  order_ = big ? ByteOrder::big : ByteOrder::little;
  if (short_at(4) != 2) return lose(Fault::unsupported, "version of pcap");
  Interface interface;
  interface.link = static_cast<std::uint16_t>(long_at(20));  // above it: length of a checksum
  interface.resolution = long_at(0) == pcap_nanoseconds ? 9 : 6;
  interfaces_.assign(1, interface);
  format_ = Format::pcap;
  consume(pcap_header_size);
  return Step::other;
}

/// seconds, fraction, bytes here, bytes on the wire; then the packet.
PacketReader::Step PacketReader::read_record(Packet& packet) {
  if (buffered() < record_header_size) return Step::wait;
  const std::uint32_t size = long_at(8);
  if (size > record_size_max) return lose(Fault::too_long, "packet");
  if (buffered() < record_header_size + size) return Step::wait;
  const Interface& interface = interfaces_.front();
  const std::uint64_t second = interface.resolution == 9 ? 1'000'000'000 : 1'000'000;
  time_ = time_of(long_at(0) * second + long_at(4), interface.resolution, 0);
  packet.link = interface.link;
  given_ = record_header_size + size;
  return give(packet, rest().substr(record_header_size, size));
}

PacketReader::Step PacketReader::read_block(Packet& packet) {
  if (buffered() < block_frame_size) return Step::wait;
  if (u32(rest(), 0) == section_block) return read_section();
  const std::uint32_t type = long_at(0);
  const std::uint32_t size = long_at(4);
  if (size < block_frame_size || size % 4 != 0) return lose(Fault::malformed, "block of pcapng");
  const bool wanted = type == interface_block || type == old_packet_block ||
                      type == simple_packet_block || type == enhanced_packet_block;
  if (!wanted) {
    consume(size);
    return skip_ > 0 ? Step::wait : Step::other;
  }
  if (size > record_size_max) return lose(Fault::too_long, "block of pcapng");
  if (buffered() < size) return Step::wait;
  const std::string_view block = rest().substr(8, size - block_frame_size);
  const Step step =
      type == interface_block ? read_interface(block) : read_packet_block(type, block, packet);
  if (step == Step::other) consume(size);
  if (step == Step::packet) given_ = size;
  return step;
}

/// A section begins anew: byte order and interfaces are its own.
PacketReader::Step PacketReader::read_section() {
  if (u32(rest(), 8, ByteOrder::big) == section_order)
    order_ = ByteOrder::big;
  else if (u32(rest(), 8, ByteOrder::little) == section_order)
    order_ = ByteOrder::little;
  else
    return lose(Fault::malformed, "byte order of pcapng");
  const std::uint32_t size = long_at(4);
  if (size < block_frame_size + 16 || size % 4 != 0)
    return lose(Fault::malformed, "block of pcapng");
  if (size > record_size_max) return lose(Fault::too_long, "block of pcapng");
  if (buffered() < size) return Step::wait;
  if (short_at(12) != 1) return lose(Fault::unsupported, "version of pcapng");
  interfaces_.clear();
  consume(size);
  return Step::other;
}

/// link type, two bytes of nothing, bytes kept of a packet; then options.
PacketReader::Step PacketReader::read_interface(std::string_view block) {
  if (block.size() < 8) return lose(Fault::malformed, "interface of pcapng");
  if (interfaces_.size() == interfaces_max) return lose(Fault::too_many, "interface of pcapng");
  Interface interface;
  interface.link = u16(block, 0, order_);
  const Step step = read_options(block.substr(8), interface);
  if (step == Step::other) interfaces_.push_back(interface);
  return step;
}

PacketReader::Step PacketReader::read_options(std::string_view options, Interface& interface) {
  while (options.size() >= 4) {
    const std::uint16_t code = u16(options, 0, order_);
    const std::uint16_t size = u16(options, 2, order_);
    if (code == 0) break;
    const std::uint64_t whole = 4 + padded(size);
    if (options.size() < whole) return lose(Fault::malformed, "option of pcapng");
    if (code == resolution_option && size == 1) interface.resolution = u8(options, 4);
    if (code == offset_option && size == 8)
      interface.offset_seconds = static_cast<std::int64_t>(number_at(options, 4, 8, order_));
    options.remove_prefix(static_cast<std::size_t>(whole));
  }
  if (!is_resolution(interface.resolution)) return lose(Fault::malformed, "resolution of pcapng");
  return Step::other;
}

/// Where a packet block has its interface, time and size differs; then all are alike.
PacketReader::Step PacketReader::read_packet_block(std::uint32_t type, std::string_view block,
                                                   Packet& packet) {
  const bool simple = type == simple_packet_block;
  const std::size_t header = simple ? 4 : 20;
  if (block.size() < header) return lose(Fault::malformed, "packet of pcapng");
  std::size_t which = 0;
  if (type == enhanced_packet_block) which = u32(block, 0, order_);
  if (type == old_packet_block) which = u16(block, 0, order_);
  if (which >= interfaces_.size()) return lose(Fault::missing, "interface of pcapng");
  const Interface& interface = interfaces_[which];
  if (!simple) {
    const std::uint64_t high = u32(block, 4, order_);
    time_ =
        time_of(high << 32 | u32(block, 8, order_), interface.resolution, interface.offset_seconds);
  }
  // A simple block does not say how much of the packet it has: all of it, but for the padding.
  std::size_t size = u32(block, simple ? 0 : 12, order_);
  if (simple) size = std::min(size, block.size() - header);
  if (size > block.size() - header) return lose(Fault::malformed, "packet of pcapng");
  packet.link = interface.link;
  return give(packet, block.substr(header, size));
}

}  // namespace kith::capture
