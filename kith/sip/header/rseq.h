#pragma once

#include <cstdint>
#include <optional>

#include "kith/sip/header.h"

namespace kith::sip {

/// RSeq = response-num
/// RFC 3262 §7.1: from 1 to 2**32 - 1
struct RSeq {
  static constexpr HeaderName name{.full = "RSeq"};
  using View = RSeq;

  std::uint32_t response_number = 1;

  static std::optional<RSeq> parse(Scanner& in);
  void write(Writer& out) const { out << response_number; }
  bool operator==(const RSeq&) const = default;
};
static_assert(Header<RSeq>);

}  // namespace kith::sip
