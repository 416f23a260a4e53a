#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "kith/sip/header.h"
#include "kith/sip/shape/param_list.h"

namespace kith::sip {

/// P-Charging-Function-Addresses = charge-addr-params *( COMMA charge-addr-params )
/// charge-addr-params            = charge-addr-param *( SEMI charge-addr-param )
/// charge-addr-param             = ccf / ecf / ccf-2 / ecf-2 / generic-param
/// RFC 7315 §5.5: where to send what is charged later (ccf) and at once (ecf). Lenient also takes
/// the older form, where a name stands twice.
template <class Text>
struct BasicPChargingFunctionAddresses {
  static constexpr HeaderName name{.full = "P-Charging-Function-Addresses", .multi = true};
  using View = BasicPChargingFunctionAddresses<std::string_view>;
  using Value = BasicPChargingFunctionAddresses<std::string>;

  BasicParams<Text, ';'> params{};

  /// The addresses in the order in which they are to be tried: ccf, then ccf-2.
  std::vector<std::string_view> ccf() const;
  /// The same of ecf and ecf-2.
  std::vector<std::string_view> ecf() const;

  static std::optional<BasicPChargingFunctionAddresses> parse(Scanner& in) {
    return parse_as<BasicPChargingFunctionAddresses>(in);
  }
  void write(Writer& out) const { write_param_list(out, params); }
  static auto tie(auto& self) { return std::tie(self.params); }
  bool operator==(const BasicPChargingFunctionAddresses&) const = default;
};

using PChargingFunctionAddresses = BasicPChargingFunctionAddresses<std::string>;
using PChargingFunctionAddressesView = BasicPChargingFunctionAddresses<std::string_view>;
/// Refused without a parameter in both modes; when strict, a name that stands twice is `duplicate`.
bool read(Scanner& in, PChargingFunctionAddressesView& to);
static_assert(Header<PChargingFunctionAddresses>);

}  // namespace kith::sip
