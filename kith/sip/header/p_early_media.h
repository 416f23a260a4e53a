#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// Which way early media may flow, as in SDP.
enum class EarlyMedia : std::uint8_t { sendrecv, sendonly, recvonly, inactive };

/// P-Early-Media = [ em-param *( COMMA em-param ) ]
/// em-param = "sendrecv" / "sendonly" / "recvonly" / "inactive" / "gated" / "supported" / token
/// RFC 5009 §9: one direction for each media line, or for all of them
template <class Text>
struct BasicPEarlyMedia {
  static constexpr HeaderName name{.full = "P-Early-Media", .multi = true, .may_be_empty = true};
  using View = BasicPEarlyMedia<std::string_view>;
  using Value = BasicPEarlyMedia<std::string>;

  Text parameter{};

  /// Nothing if this one is no direction.
  std::optional<EarlyMedia> direction() const;
  /// Whether something on the way already holds back what is not allowed.
  bool gated() const { return equal_ignoring_case(parameter, "gated"); }
  /// Whether the sender of an INVITE knows this header.
  bool supported() const { return equal_ignoring_case(parameter, "supported"); }

  static std::optional<BasicPEarlyMedia> parse(Scanner& in) {
    return parse_as<BasicPEarlyMedia>(in);
  }
  void write(Writer& out) const { out << parameter; }
  static auto tie(auto& self) { return std::tie(self.parameter); }
  bool operator==(const BasicPEarlyMedia&) const = default;
};

using PEarlyMedia = BasicPEarlyMedia<std::string>;
using PEarlyMediaView = BasicPEarlyMedia<std::string_view>;
/// One em-param of the list, which may be any token; direction() knows four.
bool read(Scanner& in, PEarlyMediaView& to);
static_assert(Header<PEarlyMedia>);

}  // namespace kith::sip
