#include "kith/sip/header/p_charging_function_addresses.h"

namespace kith::sip {

bool read(Scanner& in, PChargingFunctionAddressesView& to) {
  return read_param_list(in, to.params, Repeats::allowed);
}

template <class Text>
std::vector<std::string_view> BasicPChargingFunctionAddresses<Text>::all(
    std::string_view param) const {
  std::vector<std::string_view> values;
  for (const Param& each : params)
    if (equal_ignoring_case(each.name, param)) values.push_back(each.value);
  return values;
}

template <class Text>
void BasicPChargingFunctionAddresses<Text>::add(std::string_view param, std::string_view value)
  requires Owning<Text>
{
  Params one;
  one.set(param, value);
  params = Params::of(written(params) + written(one));
}

template <class Text>
void BasicPChargingFunctionAddresses<Text>::remove(std::string_view param, std::string_view value)
  requires Owning<Text>
{
  std::string kept;
  for (const Param& each : params) {
    if (equal_ignoring_case(each.name, param) && each.value == value) continue;
    kept.append(";").append(each.name);
    if (each.quoted)
      kept.append("=\"").append(each.value).append("\"");
    else if (!each.value.empty())
      kept.append("=").append(each.value);
  }
  params = Params::of(std::move(kept));
}

template struct BasicPChargingFunctionAddresses<std::string>;
template struct BasicPChargingFunctionAddresses<std::string_view>;

}  // namespace kith::sip
