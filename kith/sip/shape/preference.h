#pragma once

#include <array>
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

/// Something that the peer accepts, and how gladly: what is accepted, or "*", then
/// *( SEMI accept-param ), accept-param = ("q" EQUAL qvalue) / generic-param; RFC 3261 §25.1
/// Name says how the first part is taken from the scanner.
template <class Name, class Text>
struct Preference {
  static constexpr HeaderName name = Name::name;
  using View = Preference<Name, std::string_view>;
  using Value = Preference<Name, std::string>;

  Text value{};
  BasicParams<Text, ';'> params{};

  /// Nothing if absent or not a qvalue; absent counts as 1.
  std::optional<QValue> q() const { return QValue::parse(params.find("q")); }
  /// "*": whatever no other value names.
  bool is_wildcard() const { return value == "*"; }
  /// Compared without regard to case.
  bool is(std::string_view other) const { return equal_ignoring_case(value, other); }

  static std::optional<Preference> parse(Scanner& in) { return parse_as<Preference>(in); }
  void write(Writer& out) const {
    out << value;
    params.write(out);
  }
  static auto tie(auto& self) { return std::tie(self.value, self.params); }
  bool operator==(const Preference&) const = default;
};

/// Refuses what Name does not take in both modes; lenient notes a q that is no qvalue.
template <class Name>
bool read(Scanner& in, Preference<Name, std::string_view>& to) {
  static constexpr std::array rules{NamedRule{"q", is_qvalue}};
  return Name::take(in, to.value) && read_params(in, to.params, rules);
}

}  // namespace kith::sip
