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

/// Feature-Caps = fc-value *( COMMA fc-value )
/// fc-value = "*" *( SEMI feature-cap )
/// feature-cap = "+" fcap-name [ EQUAL LDQUOT ( fcap-value-list / fcap-string-value ) RDQUOT ]
/// RFC 6809 §6.2.1, §6.3.2; the values are those of RFC 3840 §9. What is no such name or value is
/// taken leniently.
template <class Text>
struct BasicFeatureCaps {
  static constexpr HeaderName name{.full = "Feature-Caps", .multi = true};
  using View = BasicFeatureCaps<std::string_view>;
  using Value = BasicFeatureCaps<std::string>;

  BasicParams<Text, ';'> params{};

  /// The value of the feature-capability indicator, named without its "+"; "" for a flag.
  std::optional<std::string_view> find(std::string_view indicator) const {
    for (const Param& param : params)
      if (equal_ignoring_case(param.name.substr(1), indicator)) return param.value;
    return std::nullopt;
  }

  static std::optional<BasicFeatureCaps> parse(Scanner& in) {
    return parse_as<BasicFeatureCaps>(in);
  }
  void write(Writer& out) const {
    out << '*';
    params.write(out);
  }
  static auto tie(auto& self) { return std::tie(self.params); }
  bool operator==(const BasicFeatureCaps&) const = default;
};

using FeatureCaps = BasicFeatureCaps<std::string>;
using FeatureCapsView = BasicFeatureCaps<std::string_view>;
/// Refused without "*" in both modes; lenient notes names and values that break their grammar.
bool read(Scanner& in, FeatureCapsView& to);
static_assert(Header<FeatureCaps>);

}  // namespace kith::sip
