#pragma once

#include <cstdint>
#include <optional>

#include "kith/sip/header.h"

namespace kith::sip {

/// ms-piggyback-cseq = 1*DIGIT: the CSeq that the NOTIFY in this response would have had
/// [MS-SIP] §3.4
struct MsPiggybackCseq {
  static constexpr HeaderName name{.full = "ms-piggyback-cseq"};
  using View = MsPiggybackCseq;

  std::uint32_t sequence = 0;

  static std::optional<MsPiggybackCseq> parse(Scanner& in);
  void write(Writer& out) const { out << sequence; }
  bool operator==(const MsPiggybackCseq&) const = default;
};
static_assert(Header<MsPiggybackCseq>);

}  // namespace kith::sip
