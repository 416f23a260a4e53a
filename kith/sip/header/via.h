#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/base/text.h"
#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// What a Via says of the port that a request came from: nothing, that its sender asks for it, or
/// the port; RFC 3581 §3, §4
struct RPort {
  enum class State : std::uint8_t { absent, asked_for, known };

  State state = State::absent;
  std::uint16_t port = 0;  // 1 to 65535 if known

  bool operator==(const RPort&) const = default;
};

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
  /// Where the request came from. RFC 3261 §25.1 has no brackets around an IPv6 address here, many
  /// write them; without them in any case.
  std::optional<std::string_view> received() const;
  void set_received(std::string_view address)
    requires Owning<Text>;

  /// RFC 3261 §8.1.1.7: z9hG4bK and something after it, so that the branch alone tells
  /// transactions apart.
  bool has_magic_cookie() const;
  /// 0 to 255; nothing if absent or no such number.
  std::optional<std::uint8_t> ttl() const;
  std::optional<std::string_view> maddr() const { return params.find("maddr"); }
  /// A value that is no port counts as absent.
  RPort rport() const;

  static std::optional<BasicVia> parse(Scanner& in) { return parse_as<BasicVia>(in); }
  void write(Writer& out) const;
  static auto tie(auto& via) {
    return std::tie(via.protocol, via.transport, via.host, via.port, via.params);
  }
  bool operator==(const BasicVia&) const = default;
};

using Via = BasicVia<std::string>;
using ViaView = BasicVia<std::string_view>;
/// As that of a URI: the host has no third colon.
Via own(const ViaView& view);
/// Lenient notes a known parameter that breaks its grammar; both modes note a missing branch.
bool read(Scanner& in, ViaView& via);
/// The usual one, which is all of the text: "SIP/2.0/" transport " " host [ ":" port ] and usual
/// parameters. Of any other nothing is kept, and false returned.
bool read_usual(const Cursor& text, ViaView& via);
static_assert(Header<Via>);

/// The same hop: all but the order of the parameters, and case.
template <class A, class B>
bool equivalent(const BasicVia<A>& a, const BasicVia<B>& b) {
  return equal_ignoring_case(a.protocol, b.protocol) &&
         equal_ignoring_case(a.transport, b.transport) && equal_ignoring_case(a.host, b.host) &&
         a.port == b.port && equivalent(a.params, b.params);
}

}  // namespace kith::sip
