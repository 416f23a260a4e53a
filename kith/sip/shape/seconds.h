#pragma once

#include <cstdint>
#include <optional>

#include "kith/sip/header.h"
#include "kith/sip/shape/saturated.h"

namespace kith::sip {

/// A header that is a time and nothing else: delta-seconds = 1*DIGIT; RFC 3261 §25.1
/// Name says by a constant if more than can be held counts as the most that can, 2**32 - 1, in
/// lenient mode.
template <class Name>
struct Seconds {
  static constexpr HeaderName name = Name::name;
  using View = Seconds;

  std::uint32_t seconds = 0;

  static std::optional<Seconds> parse(Scanner& in) {
    Seconds header;
    if constexpr (requires { Name::saturates; }) {
      if (!read_saturated(in, header.seconds)) return std::nullopt;
    } else if (!in.number(header.seconds)) {
      return std::nullopt;
    }
    return header;
  }
  void write(Writer& out) const { out << seconds; }
  bool operator==(const Seconds&) const = default;
};

}  // namespace kith::sip
