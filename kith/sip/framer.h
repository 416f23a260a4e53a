#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kith/base/result.h"
#include "kith/sip/scan.h"

namespace kith::sip {

/// What a stream is cut into.
struct Frame {
  enum class Kind : std::uint8_t {
    message,
    keep_alive,  // CR LF CR LF between messages: RFC 5626 §3.5.1
    pong,        // CR LF between messages, where one was expected
  };

  Kind kind = Kind::message;
  std::string bytes;  // of a keep-alive or pong: empty
};

/// Cuts a stream into messages by Content-Length: RFC 3261 §18.3. Any split of the stream gives the
/// same frames. CR LF between messages is skipped (RFC 3261 §7.5). Refused as soon as it can be
/// known: a header section or body above the limits, a missing, malformed or doubled
/// Content-Length.
class Framer {
 public:
  void push(std::string_view bytes);
  /// Our own keep-alive left: the next CR LF between messages answers it. RFC 5626 §4.4.1
  void expect_pong() { pong_expected_ = true; }
  /// The next whole message or keep-alive, or nothing until more comes. An Error means that the
  /// stream is lost: it is returned from then on, and what is pushed is dropped.
  std::optional<Result<Frame>> next();

  /// Bytes kept for a frame that is not whole.
  std::size_t buffered() const { return buffer_.size() - begin_; }
  /// A message has begun and is not whole: for the timer against slow senders.
  bool in_message() const { return buffered() > 0 && buffer_[begin_] != '\r'; }

 private:
  std::optional<Frame> skip_line_ends();
  std::optional<Error> read_lines();
  std::optional<Error> read_line(const Line& line, std::string_view text);
  std::optional<Error> size_message(std::size_t section_size);
  Frame take_message();
  Error lose(const Error& error);

  std::string buffer_;
  std::size_t begin_ = 0;         // of the frame, in the buffer; the following are from there
  std::size_t scanned_ = 0;       // lines up to here have been looked at
  std::size_t message_size_ = 0;  // known once the header section is whole; 0 before
  std::size_t line_ends_ = 0;     // CR LF in a row between messages
  std::string length_;            // the text of Content-Length, once met
  bool pong_expected_ = false;
  bool has_length_ = false;
  bool in_length_ = false;  // the last line was Content-Length, a folded one continues it
  std::optional<Error> lost_;
};

}  // namespace kith::sip
