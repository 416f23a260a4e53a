#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "kith/sip/header.h"
#include "kith/sip/params.h"
#include "kith/sip/shape/param_list.h"

namespace kith::sip {

/// P-Charging-Function-Addresses = charge-addr-params *( SEMI charge-addr-params )
/// charge-addr-params            = ccf / ecf / generic-param
/// RFC 7315 §5.5: where to send what is charged later (ccf) and at once (ecf). A name may stand
/// several times: the second address is for when the first does not answer.
template <class Text>
struct BasicPChargingFunctionAddresses {
  static constexpr HeaderName name{.full = "P-Charging-Function-Addresses"};
  using View = BasicPChargingFunctionAddresses<std::string_view>;
  using Value = BasicPChargingFunctionAddresses<std::string>;

  BasicParams<Text, ';'> params{};  // find() gives the first of a name

  std::vector<std::string_view> ccf() const { return all("ccf"); }
  std::vector<std::string_view> ecf() const { return all("ecf"); }
  /// Every value of that name, in its order.
  std::vector<std::string_view> all(std::string_view param) const;

  /// Puts one more behind those that are there.
  void add(std::string_view param, std::string_view value)
    requires Owning<Text>;
  /// Takes away every parameter of that name with that value.
  void remove(std::string_view param, std::string_view value)
    requires Owning<Text>;

  static std::optional<BasicPChargingFunctionAddresses> parse(Scanner& in) {
    return parse_as<BasicPChargingFunctionAddresses>(in);
  }
  void write(Writer& out) const { write_param_list(out, params); }
  static auto tie(auto& self) { return std::tie(self.params); }
  bool operator==(const BasicPChargingFunctionAddresses&) const = default;
};

using PChargingFunctionAddresses = BasicPChargingFunctionAddresses<std::string>;
using PChargingFunctionAddressesView = BasicPChargingFunctionAddresses<std::string_view>;
bool read(Scanner& in, PChargingFunctionAddressesView& to);
static_assert(Header<PChargingFunctionAddresses>);

}  // namespace kith::sip
