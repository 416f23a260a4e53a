#pragma once

#include <cstdint>
#include <optional>

#include "kith/sip/header.h"

namespace kith::sip {

/// Max-Breadth = 1*DIGIT
/// RFC 5393 §5.8: branches that the request may still be forked into at once. A positive integer
/// (RFC 5393 §5.3.1); lenient also takes 0.
struct MaxBreadth {
  static constexpr HeaderName name{.full = "Max-Breadth"};
  using View = MaxBreadth;

  std::uint32_t branches = 60;  // what RFC 5393 §5.3.3 recommends

  static std::optional<MaxBreadth> parse(Scanner& in);
  void write(Writer& out) const { out << branches; }
  bool operator==(const MaxBreadth&) const = default;
};
static_assert(Header<MaxBreadth>);

}  // namespace kith::sip
