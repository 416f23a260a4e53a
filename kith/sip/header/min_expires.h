#pragma once

#include <cstdint>
#include <optional>

#include "kith/sip/header.h"

namespace kith::sip {

/// Min-Expires = delta-seconds
/// RFC 3261 §20.23
struct MinExpires {
  static constexpr HeaderName name{.full = "Min-Expires"};
  using View = MinExpires;

  std::uint32_t seconds = 0;

  static std::optional<MinExpires> parse(Scanner& in);
  void write(Writer& out) const { out << seconds; }
  bool operator==(const MinExpires&) const = default;
};
static_assert(Header<MinExpires>);

}  // namespace kith::sip
