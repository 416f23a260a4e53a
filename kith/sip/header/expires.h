#pragma once

#include <cstdint>
#include <optional>

#include "kith/sip/header.h"

namespace kith::sip {

/// Expires = delta-seconds
/// RFC 3261 §20.19
struct Expires {
  static constexpr HeaderName name{.full = "Expires"};
  using View = Expires;

  std::uint32_t seconds = 0;

  static std::optional<Expires> parse(Scanner& in);
  void write(Writer& out) const { out << seconds; }
  bool operator==(const Expires&) const = default;
};
static_assert(Header<Expires>);

}  // namespace kith::sip
