#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/base/text.h"
#include "kith/sip/header.h"
#include "kith/sip/params.h"
#include "kith/sip/qvalue.h"
#include "kith/sip/shape/param_rules.h"

namespace kith::sip {

/// Whether "*" may stand for any type or subtype.
enum class MediaForm : std::uint8_t { type, range };

/// A media type with parameters: type SLASH subtype *( SEMI parameter ); RFC 3261 §25.1
/// Type and subtype as they came; is() compares as they must be, without regard to case.
template <class Name, class Text>
struct MediaType {
  static constexpr HeaderName name = Name::name;
  static constexpr bool is_range = Name::form == MediaForm::range;
  using View = MediaType<Name, std::string_view>;
  using Value = MediaType<Name, std::string>;

  Text type{};
  Text subtype{};
  BasicParams<Text, ';'> params{};

  /// is("application/SOAP+xml")
  bool is(std::string_view full) const {
    return full.size() == type.size() + subtype.size() + 1 && full[type.size()] == '/' &&
           equal_ignoring_case(full.substr(0, type.size()), type) &&
           equal_ignoring_case(full.substr(type.size() + 1), subtype);
  }

  /// "*/*"
  bool matches_all() const
    requires(is_range)
  {
    return type == "*" && subtype == "*";
  }
  /// "text/*", and "*/*" too.
  bool matches_any_subtype() const
    requires(is_range)
  {
    return subtype == "*";
  }
  /// Nothing if absent or not a qvalue; absent counts as 1.
  std::optional<QValue> q() const
    requires(is_range)
  {
    return QValue::parse(params.find("q"));
  }

  static std::optional<MediaType> parse(Scanner& in) { return parse_as<MediaType>(in); }
  void write(Writer& out) const {
    out << type << '/' << subtype;
    params.write(out);
  }
  static auto tie(auto& self) { return std::tie(self.type, self.subtype, self.params); }
  bool operator==(const MediaType&) const = default;
};

/// "*" is a token, and so taken where it is no range too; lenient notes a q that is no qvalue.
template <class Name>
bool read(Scanner& in, MediaType<Name, std::string_view>& to) {
  if (!in.token(to.type) || !in.separator('/') || !in.token(to.subtype)) return false;
  if constexpr (requires { requires Name::form == MediaForm::range; }) {
    static constexpr std::array rules{NamedRule{"q", is_qvalue}};
    return read_params(in, to.params, rules);
  }
  return read(in, to.params);
}

/// The same type, subtype and parameters, without regard to order; case counts in quotes (RFC 3261
/// §7.3.1) and, as the lines of the body must match it, in a boundary.
template <class Name, class A, class B>
bool equivalent(const MediaType<Name, A>& a, const MediaType<Name, B>& b) {
  return equal_ignoring_case(a.type, b.type) && equal_ignoring_case(a.subtype, b.subtype) &&
         equivalent(a.params, b.params) &&
         unquote(a.params.find("boundary").value_or("")) ==
             unquote(b.params.find("boundary").value_or(""));
}

}  // namespace kith::sip
