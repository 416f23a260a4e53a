#pragma once

#include <cstdint>
#include <optional>

#include "kith/sip/header.h"

namespace kith::sip {

/// Max-Forwards = 1*DIGIT, 0 to 255
/// RFC 3261 §20.22; in lenient mode more counts as 255.
struct MaxForwards {
  static constexpr HeaderName name{.full = "Max-Forwards"};
  using View = MaxForwards;

  std::uint8_t hops = 70;

  /// One hop fewer; false at 0, when the answer is 483 (RFC 3261 §16.3).
  [[nodiscard]] bool decrement() {
    if (hops == 0) return false;
    --hops;
    return true;
  }

  static std::optional<MaxForwards> parse(Scanner& in);
  void write(Writer& out) const { out << hops; }
  bool operator==(const MaxForwards&) const = default;
};
static_assert(Header<MaxForwards>);

}  // namespace kith::sip
