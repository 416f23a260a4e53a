#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/base/text.h"
#include "kith/sip/header.h"
#include "kith/sip/params.h"
#include "kith/sip/shape/param_rules.h"

namespace kith::sip {

/// Reason = reason-value *( COMMA reason-value )
/// reason-value = protocol *( SEMI ( protocol-cause / reason-text / reason-extension ) )
/// RFC 3326 §2; in responses too: RFC 6432 §3; several of one protocol only where that protocol
/// says so: RFC 9366 §3
template <class Text>
struct BasicReason {
  static constexpr HeaderName name{.full = "Reason", .multi = true};
  using View = BasicReason<std::string_view>;
  using Value = BasicReason<std::string>;

  Text protocol{};  // "SIP", "Q.850" or a token, in any case
  BasicParams<Text, ';'> params{};

  /// A status code of SIP, a cause value of Q.850.
  std::optional<std::uint32_t> cause() const { return number(params.find("cause")); }
  /// For people; its escapes as they are on the wire.
  std::optional<std::string_view> text() const { return params.find("text"); }

  static std::optional<BasicReason> parse(Scanner& in) { return parse_as<BasicReason>(in); }
  void write(Writer& out) const {
    out << protocol;
    params.write(out);
  }
  static auto tie(auto& self) { return std::tie(self.protocol, self.params); }
  bool operator==(const BasicReason&) const = default;
};

using Reason = BasicReason<std::string>;
using ReasonView = BasicReason<std::string_view>;
/// Refuses a cause that is no number in both modes; lenient notes a text without quotes.
bool read(Scanner& in, ReasonView& to);
static_assert(Header<Reason>);

/// The same protocol and parameters, in any order and case: RFC 3261 §7.3.1
template <class A, class B>
bool equivalent(const BasicReason<A>& a, const BasicReason<B>& b) {
  return equal_ignoring_case(a.protocol, b.protocol) && equivalent(a.params, b.params);
}

}  // namespace kith::sip
