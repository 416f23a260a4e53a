#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// Via       = via-parm *( COMMA via-parm )
/// via-parm  = sent-protocol LWS sent-by *( SEMI via-params )
/// sent-protocol = protocol-name SLASH protocol-version SLASH transport
/// RFC 3261 §20.42
template <class Text>
struct BasicVia {
  static constexpr HeaderName name{.full = "Via", .compact = 'v', .multi = true};
  using View = BasicVia<std::string_view>;
  using Value = BasicVia<std::string>;

  Text protocol{"SIP/2.0"};             // without blanks around the slash
  Text transport{};                     // as it came; compare without regard to case
  Text host{};                          // an IPv6 reference with its brackets
  std::optional<std::uint16_t> port{};  // 1 to 65535
  BasicParams<Text, ';'> params{};

  /// Absent in messages of RFC 2543.
  std::optional<std::string_view> branch() const { return params.find("branch"); }
  std::optional<std::string_view> received() const { return params.find("received"); }

  static std::optional<BasicVia> parse(Scanner& in) { return parse_as<BasicVia>(in); }
  void write(Writer& out) const;
  static auto tie(auto& via) {
    return std::tie(via.protocol, via.transport, via.host, via.port, via.params);
  }
  bool operator==(const BasicVia&) const = default;
};

using Via = BasicVia<std::string>;
using ViaView = BasicVia<std::string_view>;
bool read(Scanner& in, ViaView& via);
static_assert(Header<Via>);

}  // namespace kith::sip
