#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// RAck = response-num LWS CSeq-num LWS Method
/// RFC 3262 §7.2: what the RSeq and the CSeq of the response said
template <class Text>
struct BasicRAck {
  static constexpr HeaderName name{.full = "RAck"};
  using View = BasicRAck<std::string_view>;
  using Value = BasicRAck<std::string>;

  std::uint32_t response_number = 1;  // from 1; RFC 3262 §7.1
  std::uint32_t cseq_number = 0;      // below 2**31; RFC 3261 §8.1.1.5
  Text method{};                      // case counts

  static std::optional<BasicRAck> parse(Scanner& in) { return parse_as<BasicRAck>(in); }
  void write(Writer& out) const { out << response_number << ' ' << cseq_number << ' ' << method; }
  static auto tie(auto& self) {
    return std::tie(self.response_number, self.cseq_number, self.method);
  }
  bool operator==(const BasicRAck&) const = default;
};

using RAck = BasicRAck<std::string>;
using RAckView = BasicRAck<std::string_view>;
/// Refuses a response-num of 0 and a CSeq-num of 2**31 and above in both modes: RFC 3262 §7.1,
/// RFC 3261 §8.1.1.5
bool read(Scanner& in, RAckView& to);
static_assert(Header<RAck>);

}  // namespace kith::sip
