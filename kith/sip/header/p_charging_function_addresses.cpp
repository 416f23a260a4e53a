#include "kith/sip/header/p_charging_function_addresses.h"

#include <initializer_list>

namespace kith::sip {

namespace {

std::vector<std::string_view> values_of(const ParamsView& params,
                                        std::initializer_list<std::string_view> names) {
  std::vector<std::string_view> values;
  for (const std::string_view name : names)
    for (const Param& each : params)
      if (equal_ignoring_case(each.name, name)) values.push_back(each.value);
  return values;
}

}  // namespace

bool read(Scanner& in, PChargingFunctionAddressesView& to) {
  return read_param_list(in, to.params);
}

template <class Text>
std::vector<std::string_view> BasicPChargingFunctionAddresses<Text>::ccf() const {
  return values_of(params, {"ccf", "ccf-2"});
}

template <class Text>
std::vector<std::string_view> BasicPChargingFunctionAddresses<Text>::ecf() const {
  return values_of(params, {"ecf", "ecf-2"});
}

template struct BasicPChargingFunctionAddresses<std::string>;
template struct BasicPChargingFunctionAddresses<std::string_view>;

}  // namespace kith::sip
