#pragma once

#include <concepts>
#include <optional>
#include <string_view>

#include "kith/base/scanner.h"
#include "kith/base/writer.h"
#include "kith/sip/own.h"

namespace kith::sip {

/// What a header is called, and how often it may stand in a message.
struct HeaderName {
  std::string_view full;
  char compact = '\0';        // RFC 3261 §7.3.3
  bool multi = false;         // may hold a comma-separated list; RFC 3261 §7.3.1
  bool repeats = false;       // may stand on several lines, but not as a list
  bool may_be_empty = false;  // a value with nothing in it is legal, and means no values
};

/// A header is a plain value that knows its name and its grammar. `H::View` is the same with text
/// that points into the message; a header without text is its own view.
///
/// The grammar above each header is that of its value, in the words of its RFC. What does not
/// follow it is refused: `Fault::malformed`, at the byte where reading got no further; a parameter
/// that is there twice is `duplicate`, more of anything than limits.h has are `too_many`, a second
/// line of what stands once is `duplicate`. A number has the range that its RFC or its type gives
/// it, times are in seconds; one beyond is malformed. In lenient mode a header takes what real
/// peers send as well, and notes each time what that was.
template <class H>
concept Header = std::regular<H> && requires(const H& header, Scanner& in, Writer& out) {
  { H::name } -> std::convertible_to<HeaderName>;
  { H::parse(in) } -> std::same_as<std::optional<H>>;
  { H::View::parse(in) } -> std::same_as<std::optional<typename H::View>>;
  { header.write(out) } -> std::same_as<void>;
};

}  // namespace kith::sip
