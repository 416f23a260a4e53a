#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "kith/base/address.h"
#include "kith/base/result.h"
#include "kith/base/time.h"
#include "kith/base/transport.h"
#include "kith/capture/cutter.h"
#include "kith/capture/packet_reader.h"
#include "kith/capture/segments.h"
#include "kith/capture/unpack.h"

namespace kith::capture {

/// Where in a capture something is.
struct Place {
  std::uint64_t packet = 0;  // its number, from 1; of a message, the packet that completed it
  Time time{};
  Address from{};
  Address to{};
};

/// A SIP message that went over the wire.
struct Captured {
  Place place;
  Transport transport = Transport::udp;
  std::string bytes;
  /// Why it could not be cut out of its stream as it should: no Content-Length and the like.
  std::optional<Error> framing;
};

/// Something that is missing from the capture, or in it and not read.
struct Remark {
  Place place;
  std::string_view what;  // in words; static storage
  std::size_t bytes = 0;  // how many; 0 where it does not matter

  bool operator==(const Remark& other) const { return what == other.what && bytes == other.bytes; }
};

using Found = std::variant<Captured, Remark>;

/// Reads the SIP messages of a capture file: those of UDP datagrams, and those of TCP streams, put
/// together by sequence number. The file comes in pieces of any size; what is held is bounded.
class Capture {
 public:
  void push(std::string_view bytes) { packets_.push(bytes); }
  /// The next message or remark, in the order in which they are complete; nothing until more comes.
  /// An Error means that the rest of the file cannot be read.
  std::optional<Result<Found>> next();
  /// No more comes: what the streams hold is looked through for the next calls of next().
  void end();

  std::uint64_t packets() const { return packet_.number; }
  std::uint64_t others() const { return others_; }  // packets that have nothing to do with SIP
  std::size_t held() const { return held_; }        // bytes that streams wait with

 private:
  using Key = std::pair<Address, Address>;
  struct Stream {
    explicit Stream(std::uint32_t sequence) : segments(sequence) {}
    Segments segments;
    Cutter cutter;
    std::size_t held = 0;         // as it is counted in held_
    std::uint64_t last_used = 0;  // the packet that did
    bool told_tls = false;
    bool closed = false;  // what comes yet was sent before
  };
  using Streams = std::map<Key, Stream>;

  void take(const Packet& packet);
  void on(const Datagram& datagram);
  void on(const Segment& segment);
  void on(const Unread& unread) { remark({unread.from, unread.to}, unread.why, 0); }
  void on(const OtherProtocol&) { ++others_; }

  Stream& stream_of(const Segment& segment);
  void add(const Key& key, Stream& stream, const Segment& segment);
  void drain(const Key& key, Stream& stream);
  void skip_gap(const Key& key, Stream& stream);
  void finish(const Key& key, Stream& stream);
  void forget(const Key& key);
  void account(Stream& stream);
  void give_up_quietest();

  Place place(const Key& key) const {
    return {packet_.number, packet_.time, key.first, key.second};
  }
  void remark(const Key& key, std::string_view what, std::size_t bytes);

  PacketReader packets_;
  Packet packet_{};  // the last; its bytes are gone
  Streams streams_;
  std::deque<Found> found_;
  std::size_t held_ = 0;
  std::uint64_t others_ = 0;
  bool ended_ = false;
};

}  // namespace kith::capture
