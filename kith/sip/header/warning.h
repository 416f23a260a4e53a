#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kith/base/text.h"
#include "kith/sip/header.h"

namespace kith::sip {

/// Warning = warning-value *( COMMA warning-value )
/// warning-value = warn-code SP warn-agent SP warn-text
/// warn-code = 3DIGIT, warn-agent = hostport / pseudonym, warn-text = quoted-string
/// RFC 3261 §20.43
template <class Text>
struct BasicWarning {
  static constexpr HeaderName name{.full = "Warning", .multi = true};
  using View = BasicWarning<std::string_view>;
  using Value = BasicWarning<std::string>;

  std::uint16_t code{};  // 100 to 999
  Text agent{};          // a host with port, or a pseudonym
  Text text{};           // for people; of a view with its escapes

  static std::optional<BasicWarning> parse(Scanner& in) { return parse_as<BasicWarning>(in); }
  void write(Writer& out) const;
  bool operator==(const BasicWarning&) const = default;
};

using Warning = BasicWarning<std::string>;
using WarningView = BasicWarning<std::string_view>;
/// Refuses a code below 100 or above 999, and a warn-text without quotes, in both modes.
bool read(Scanner& in, WarningView& to);
/// With the escapes of its text undone.
Warning own(const WarningView& view);
static_assert(Header<Warning>);

/// The same code and text, of an agent that may be written in any case: RFC 3261 §7.3.1
inline bool equivalent(const Warning& a, const Warning& b) {
  return a.code == b.code && equal_ignoring_case(a.agent, b.agent) && a.text == b.text;
}

/// RFC 3261 §20.43
namespace warning_code {
inline constexpr std::uint16_t incompatible_network_protocol = 300;
inline constexpr std::uint16_t incompatible_network_address_formats = 301;
inline constexpr std::uint16_t incompatible_transport_protocol = 302;
inline constexpr std::uint16_t incompatible_bandwidth_units = 303;
inline constexpr std::uint16_t media_type_not_available = 304;
inline constexpr std::uint16_t incompatible_media_format = 305;
inline constexpr std::uint16_t attribute_not_understood = 306;
inline constexpr std::uint16_t session_description_parameter_not_understood = 307;
inline constexpr std::uint16_t multicast_not_available = 330;
inline constexpr std::uint16_t unicast_not_available = 331;
inline constexpr std::uint16_t insufficient_bandwidth = 370;
inline constexpr std::uint16_t miscellaneous_warning = 399;
}  // namespace warning_code

}  // namespace kith::sip
