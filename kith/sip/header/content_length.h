#pragma once

#include <cstdint>
#include <optional>

#include "kith/sip/header.h"

namespace kith::sip {

/// Content-Length = 1*DIGIT
/// RFC 3261 §20.14
struct ContentLength {
  static constexpr HeaderName name{.full = "Content-Length", .compact = 'l'};
  using View = ContentLength;

  std::uint64_t bytes = 0;

  static std::optional<ContentLength> parse(Scanner& in);
  void write(Writer& out) const { out << bytes; }
  bool operator==(const ContentLength&) const = default;
};
static_assert(Header<ContentLength>);

/// The usual one, which is all of the text: up to nine digits. Of any other nothing is kept, and
/// false returned.
inline bool read_usual(const Cursor& text, ContentLength& to) {
  Cursor in = text;
  std::uint32_t bytes = 0;
  if (!in.number(bytes) || !in.at_end()) return false;
  to.bytes = bytes;
  return true;
}

}  // namespace kith::sip
