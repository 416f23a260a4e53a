#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// A header whose values are "*" with features of a user agent as parameters:
/// ac-value = "*" *( SEMI ac-params ), rc-value likewise; RFC 3841 §10
/// A feature is a flag, or has its values in quotes: RFC 3840 §9
template <class Name, class Text>
struct FeatureSet {
  static constexpr HeaderName name = Name::name;
  using View = FeatureSet<Name, std::string_view>;
  using Value = FeatureSet<Name, std::string>;

  BasicParams<Text, ';'> params{};

  /// A contact that does not match is left out.
  bool require() const
    requires(Name::has_require)
  {
    return params.has("require");
  }
  /// A contact that says nothing of a feature does not match it.
  bool is_explicit() const
    requires(Name::has_require)
  {
    return params.has("explicit");
  }

  static std::optional<FeatureSet> parse(Scanner& in) { return parse_as<FeatureSet>(in); }
  void write(Writer& out) const {
    out << '*';
    params.write(out);
  }
  static auto tie(auto& self) { return std::tie(self.params); }
  bool operator==(const FeatureSet&) const = default;
};

/// Refused without "*" in both modes; the features may be any.
template <class Name>
bool read(Scanner& in, FeatureSet<Name, std::string_view>& to) {
  return in.next('*') && read(in, to.params);
}

}  // namespace kith::sip
