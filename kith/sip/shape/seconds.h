#pragma once

#include <cstdint>
#include <optional>

#include "kith/sip/header.h"

namespace kith::sip {

/// A header that is a time and nothing else: delta-seconds = 1*DIGIT; RFC 3261 §25.1
template <class Name>
struct Seconds {
  static constexpr HeaderName name = Name::name;
  using View = Seconds;

  std::uint32_t seconds = 0;

  static std::optional<Seconds> parse(Scanner& in) {
    Seconds header;
    if (!in.number(header.seconds)) return std::nullopt;
    return header;
  }
  void write(Writer& out) const { out << seconds; }
  bool operator==(const Seconds&) const = default;
};

}  // namespace kith::sip
