#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "kith/base/result.h"
#include "kith/sip/framer.h"

namespace kith::capture {

/// What a stream was cut into.
struct Cut {
  std::string bytes;           // a message, or as much of one as there was
  std::optional<Error> error;  // why the stream cannot be cut any further
};

/// Cuts the bytes of a stream into SIP messages, beginning again where the framing is lost or bytes
/// are missing: at the next segment that a message begins with.
class Cutter {
 public:
  /// The bytes of a segment.
  void push(std::string_view segment);
  /// The next message; one with an Error may be followed by others.
  std::optional<Cut> next();

  /// Bytes are missing here. Returns how many of an unfinished message are of no use then.
  std::size_t restart();
  /// Bytes since the last call that were in no message.
  std::size_t take_skipped();

  bool seen_message() const { return seen_message_; }
  std::size_t held() const { return kept_.size() + framer_.buffered(); }

 private:
  bool find_start();
  Cut lose(const Error& error);

  sip::Framer framer_;
  std::string kept_;        // what the framer has, or what it will get once it is known to be SIP
  bool in_stream_ = false;  // the framer has it
  bool seen_message_ = false;
  std::size_t skipped_ = 0;
};

}  // namespace kith::capture
