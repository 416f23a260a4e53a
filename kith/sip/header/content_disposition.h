#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/base/text.h"
#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// Content-Disposition = disp-type *( SEMI disp-param )
/// disp-type  = "render" / "session" / "icon" / "alert" / disp-extension-token
/// disp-param = "handling" EQUAL ( "optional" / "required" / other-handling ) / generic-param
/// RFC 3261 §20.11; where it is absent, application/sdp is a session and all else is rendered.
template <class Text>
struct BasicContentDisposition {
  static constexpr HeaderName name{.full = "Content-Disposition"};
  using View = BasicContentDisposition<std::string_view>;
  using Value = BasicContentDisposition<std::string>;

  Text type{};
  BasicParams<Text, ';'> params{};

  /// Compared without regard to case: is(disposition::session)
  bool is(std::string_view other) const { return equal_ignoring_case(type, other); }
  /// As it came; "required" where it is missing.
  std::string_view handling() const { return params.find("handling").value_or("required"); }
  /// Whether a body that is not understood must be refused with a 415.
  bool must_be_understood() const { return !equal_ignoring_case(handling(), "optional"); }

  static std::optional<BasicContentDisposition> parse(Scanner& in) {
    return parse_as<BasicContentDisposition>(in);
  }
  void write(Writer& out) const {
    out << type;
    params.write(out);
  }
  static auto tie(auto& self) { return std::tie(self.type, self.params); }
  bool operator==(const BasicContentDisposition&) const = default;
};

using ContentDisposition = BasicContentDisposition<std::string>;
using ContentDispositionView = BasicContentDisposition<std::string_view>;
/// Any token is a disp-type; lenient notes a handling that is no token.
bool read(Scanner& in, ContentDispositionView& to);
static_assert(Header<ContentDisposition>);

/// The same type and parameters, in any order and case: RFC 3261 §7.3.1
template <class A, class B>
bool equivalent(const BasicContentDisposition<A>& a, const BasicContentDisposition<B>& b) {
  return equal_ignoring_case(a.type, b.type) && equivalent(a.params, b.params);
}

namespace disposition {
inline constexpr std::string_view render = "render";
inline constexpr std::string_view session = "session";
inline constexpr std::string_view icon = "icon";
inline constexpr std::string_view alert = "alert";
}  // namespace disposition

}  // namespace kith::sip
