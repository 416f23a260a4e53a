#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"
#include "kith/sip/shape/param_rules.h"
#include "kith/sip/uri.h"

namespace kith::sip {

/// Whether an address may stand without angle brackets.
enum class Brackets : std::uint8_t { optional, required };

/// The address in From, Contact, Route and their like:
/// name-addr = [ display-name ] LAQUOT addr-spec RAQUOT, or addr-spec; RFC 3261 §20.10
/// A view's display name has the escapes of its quoted-string, a value's has not.
bool read_address(Scanner& in, std::string_view& display_name, UriView& uri, Brackets brackets);
/// The same, with the parameters of the header.
inline bool read_name_addr(Scanner& in, std::string_view& display_name, UriView& uri,
                           ParamsView& params, Brackets brackets, NamedRules rules) {
  return read_address(in, display_name, uri, brackets) &&
         (in.at_end() || read_params(in, params, rules));
}
/// The usual one, which is all of the text: [ quoted-string " " ] "<" a usual URI ">" and usual
/// parameters. Of any other nothing is kept, and false returned.
bool read_usual_name_addr(const Cursor& text, std::string_view& display_name, UriView& uri,
                          ParamsView& params);
/// LAQUOT addr-spec RAQUOT: RFC 3261 §25.1
bool read_bracketed_uri(Scanner& in, UriView& uri);
/// Always with angle brackets. The display name is quoted, with escapes put in; "" is left out.
void write_address(Writer& out, std::string_view display_name, const UriView& uri);

/// A header that is an address with parameters. Name says which: its name, and the brackets it
/// needs; rules, if it has parameters of its own; and has_no_params, if its grammar ends with the
/// address.
template <class Name, class Text>
struct NameAddr {
  static constexpr HeaderName name = Name::name;
  using View = NameAddr<Name, std::string_view>;
  using Value = NameAddr<Name, std::string>;

  Text display_name{};
  BasicUri<Text> uri{};
  BasicParams<Text, ';'> params{};

  std::optional<std::string_view> tag() const { return params.find("tag"); }
  std::optional<std::string_view> epid() const { return params.find("epid"); }

  static std::optional<NameAddr> parse(Scanner& in) { return parse_as<NameAddr>(in); }
  void write(Writer& out) const {
    write_address(out, display_name, uri);
    params.write(out);
  }
  /// The same text in all parts.
  bool operator==(const NameAddr&) const = default;
};

/// Lenient notes missing brackets, a parameter that breaks its rule, and any where Name has none.
template <class Name>
bool read(Scanner& in, NameAddr<Name, std::string_view>& to) {
  NamedRules rules;
  if constexpr (requires { Name::rules; }) rules = Name::rules;
  if (!read_name_addr(in, to.display_name, to.uri, to.params, Name::brackets, rules)) return false;
  if constexpr (requires { Name::has_no_params; })
    return to.params.empty() || in.allow("parameters where there are none");
  return true;
}

/// The usual one: see read_usual_name_addr().
template <class Name>
bool read_usual(const Cursor& text, NameAddr<Name, std::string_view>& to)
  requires(!requires { Name::has_no_params; })
{
  return read_usual_name_addr(text, to.display_name, to.uri, to.params);
}

/// With the escapes of its display name undone.
template <class Name>
NameAddr<Name, std::string> own(const NameAddr<Name, std::string_view>& view) {
  return {unquote(view.display_name), own(view.uri), own(view.params)};
}

/// The same URI and the same tag; other parameters count where both have them, display names never.
/// RFC 3261 §20.20, §20.39. Not transitive.
template <class Name, class A, class B>
bool equivalent(const NameAddr<Name, A>& a, const NameAddr<Name, B>& b) {
  return equivalent(a.uri, b.uri) && a.tag().has_value() == b.tag().has_value() &&
         shared_equivalent(a.params, b.params);
}

}  // namespace kith::sip
