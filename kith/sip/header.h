#pragma once

#include <concepts>
#include <optional>
#include <string_view>

#include "kith/base/scanner.h"
#include "kith/base/writer.h"
#include "kith/sip/own.h"

namespace kith::sip {

struct HeaderName {
  std::string_view full;
  char compact = '\0';        // RFC 3261 §7.3.3
  bool multi = false;         // may hold a comma-separated list; RFC 3261 §7.3.1
  bool repeats = false;       // may stand on several lines, but not as a list
  bool may_be_empty = false;  // a value with nothing in it is legal, and means no values
};

/// A header is a plain value that knows its name and its grammar. `H::View` is the same with text
/// that points into the message; a header without text is its own view.
template <class H>
concept Header = std::regular<H> && requires(const H& header, Scanner& in, Writer& out) {
  { H::name } -> std::convertible_to<HeaderName>;
  { H::parse(in) } -> std::same_as<std::optional<H>>;
  { H::View::parse(in) } -> std::same_as<std::optional<typename H::View>>;
  { header.write(out) } -> std::same_as<void>;
};

}  // namespace kith::sip
