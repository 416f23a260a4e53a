#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// P-Visited-Network-ID = vnetwork-spec *( COMMA vnetwork-spec )
/// vnetwork-spec        = ( token / quoted-string ) *( SEMI generic-param )
/// RFC 7315 §5.3
template <class Text>
struct BasicPVisitedNetworkId {
  static constexpr HeaderName name{.full = "P-Visited-Network-ID", .multi = true};
  using View = BasicPVisitedNetworkId<std::string_view>;
  using Value = BasicPVisitedNetworkId<std::string>;

  Text network{};  // of a view with its escapes
  bool quoted = false;
  BasicParams<Text, ';'> params{};

  static std::optional<BasicPVisitedNetworkId> parse(Scanner& in) {
    return parse_as<BasicPVisitedNetworkId>(in);
  }
  /// What is no token is quoted in any case.
  void write(Writer& out) const;
  bool operator==(const BasicPVisitedNetworkId&) const = default;
};

using PVisitedNetworkId = BasicPVisitedNetworkId<std::string>;
using PVisitedNetworkIdView = BasicPVisitedNetworkId<std::string_view>;
/// Any token is a network, and any quoted-string, an empty one too.
bool read(Scanner& in, PVisitedNetworkIdView& to);
/// With the escapes of a quoted network undone.
PVisitedNetworkId own(const PVisitedNetworkIdView& view);
static_assert(Header<PVisitedNetworkId>);

}  // namespace kith::sip
