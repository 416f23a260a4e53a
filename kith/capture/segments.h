#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace kith::capture {

/// One direction of a TCP connection: segments in as they were captured, their bytes out in order;
/// RFC 9293.
class Segments {
 public:
  enum class Arrival : std::uint8_t {
    fresh,
    again,  // nothing in it is new: a retransmission
    jump,   // too far from what is expected to be of this connection
  };

  /// What is expected first.
  explicit Segments(std::uint32_t sequence) : next_(first + sequence) {}

  Arrival add(std::uint32_t sequence, std::string_view bytes);
  /// The bytes that come next, up to the end of a segment; nothing until they are there.
  std::optional<std::string> next();

  /// Segments are here that one before them is missing for.
  bool waiting() const { return !ahead_.empty() && ahead_.begin()->first > next_; }
  /// More are waiting than are kept.
  bool overfull() const;
  /// Gives up what is missing before the first segment that waits; returns how many bytes.
  std::size_t skip_gap();

  std::size_t held() const { return held_; }

 private:
  static constexpr std::uint64_t first = std::uint64_t{1} << 32;  // so that there is a "before"

  void drop_first();

  std::uint64_t next_;                          // its lowest 32 bits are the sequence number
  std::map<std::uint64_t, std::string> ahead_;  // by position; may overlap
  std::size_t held_ = 0;
};

}  // namespace kith::capture
