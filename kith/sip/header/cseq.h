#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"

namespace kith::sip {

/// CSeq = 1*DIGIT LWS Method
/// RFC 3261 §20.16
template <class Text>
struct BasicCSeq {
  static constexpr HeaderName name{.full = "CSeq"};
  using View = BasicCSeq<std::string_view>;
  using Value = BasicCSeq<std::string>;

  std::uint32_t sequence = 0;  // below 2**31; RFC 3261 §8.1.1.5
  Text method{};               // case counts; RFC 3261 §7.1

  static std::optional<BasicCSeq> parse(Scanner& in) { return parse_as<BasicCSeq>(in); }
  void write(Writer& out) const { out << sequence << ' ' << method; }
  static auto tie(auto& cseq) { return std::tie(cseq.sequence, cseq.method); }
  bool operator==(const BasicCSeq&) const = default;
};

using CSeq = BasicCSeq<std::string>;
using CSeqView = BasicCSeq<std::string_view>;
/// Refuses 2**31 and above in both modes: RFC 3261 §8.1.1.5
bool read(Scanner& in, CSeqView& cseq);
/// The usual one, which is all of the text: a number of up to nine digits, " ", and a word. Of any
/// other nothing is kept, and false returned.
bool read_usual(const Cursor& text, CSeqView& cseq);
static_assert(Header<CSeq>);

}  // namespace kith::sip
