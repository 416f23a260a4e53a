#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"
#include "kith/sip/params.h"

namespace kith::sip {

/// Warning = warning-value *( COMMA warning-value )
/// warning-value = warn-code SP warn-agent SP warn-text
/// RFC 3261 §20.43
template <class Text>
struct BasicWarning {
  static constexpr HeaderName name{.full = "Warning", .multi = true};
  using View = BasicWarning<std::string_view>;
  using Value = BasicWarning<std::string>;

  std::uint16_t code{};  // 100 to 999
  Text agent{};          // a host with port, or a pseudonym
  Text text{};           // of a view with its escapes

  static std::optional<BasicWarning> parse(Scanner& in) { return parse_as<BasicWarning>(in); }
  void write(Writer& out) const;
  static auto tie(auto& self) { return std::tie(self.code, self.agent, self.text); }
  bool operator==(const BasicWarning&) const = default;
};

using Warning = BasicWarning<std::string>;
using WarningView = BasicWarning<std::string_view>;
bool read(Scanner& in, WarningView& to);
static_assert(Header<Warning>);

}  // namespace kith::sip
