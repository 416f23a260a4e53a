#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kith/base/result.h"
#include "kith/base/time.h"
#include "kith/capture/bytes.h"

namespace kith::capture {

/// One packet as it was captured.
struct Packet {
  std::uint64_t number = 0;  // in the file, from 1
  Time time{};               // of a packet without one: that of the packet before
  std::uint16_t link = 0;    // what its first header is: a LINKTYPE number of tcpdump.org
  std::string_view bytes;    // perhaps fewer than went over the wire
};

/// Cuts a capture file into packets: pcap with its two resolutions, pcapng, either byte order. The
/// file comes in pieces of any size. An Error means that the rest cannot be read; it is returned
/// from then on.
class PacketReader {
 public:
  /// How many bytes are needed to tell what a file is.
  static constexpr std::size_t magic_size = 4;
  static bool is_capture(std::string_view first_bytes);

  void push(std::string_view bytes);
  /// The next packet, or nothing until more comes. Valid until the next push() or next().
  std::optional<Result<Packet>> next();

  /// Bytes of a record that is not whole.
  std::size_t buffered() const { return buffer_.size() - begin_; }

 private:
  enum class Format : std::uint8_t { unknown, pcap, pcapng };
  enum class Step : std::uint8_t { packet, other, wait, lost };

  /// What a packet needs to know of where it was captured.
  struct Interface {
    std::uint16_t link = 0;
    std::uint8_t resolution = 6;  // 10**-n s, or with the highest bit set 2**-n s
    std::int64_t offset_seconds = 0;
  };

  std::string_view rest() const { return std::string_view{buffer_}.substr(begin_); }
  std::uint16_t short_at(std::size_t at) const { return u16(rest(), at, order_); }
  std::uint32_t long_at(std::size_t at) const { return u32(rest(), at, order_); }
  void consume(std::size_t bytes);
  Step lose(Fault fault, std::string_view where);

  Step read_magic();
  Step read_record(Packet& packet);
  Step read_block(Packet& packet);
  Step read_section();
  Step read_interface(std::string_view block);
  Step read_options(std::string_view options, Interface& interface);
  Step read_packet_block(std::uint32_t type, std::string_view block, Packet& packet);
  Step give(Packet& packet, std::string_view bytes);

  std::string buffer_;
  std::size_t begin_ = 0;       // of what has not been read, in the buffer
  std::uint64_t consumed_ = 0;  // bytes of the file before that
  std::uint64_t skip_ = 0;      // bytes still to come that nobody wants
  std::size_t given_ = 0;       // bytes of the packet given last
  std::uint64_t packets_ = 0;
  Time time_{};
  Format format_ = Format::unknown;
  ByteOrder order_ = ByteOrder::big;
  std::vector<Interface> interfaces_;  // of a pcap file: one
  std::optional<Error> lost_;
};

}  // namespace kith::capture
