#include "kith/sip/header/p_charging_vector.h"

#include <algorithm>

#include "kith/sip/uri.h"

namespace kith::sip {

namespace {

bool is_host(const Param& param, Mode mode) {
  Scanner in(param.value, mode);
  std::string_view host;
  std::optional<std::uint16_t> port;
  return !param.quoted && read_host(in, host, port) && !port && in.at_end();
}

/// What the grammar says of a parameter by its name.
bool check(Scanner& in, const Param& param) {
  const bool host = equal_ignoring_case(param.name, "icid-generated-at") ||
                    equal_ignoring_case(param.name, "related-icid-generated-at");
  return !host || is_host(param, in.mode()) || in.allow("host that is none in a charging vector");
}

}  // namespace

bool read(Scanner& in, PChargingVectorView& to) {
  if (!read_param_list(in, to.params, Repeats::forbidden)) return false;
  if (to.icid_value().empty()) return in.refuse(Fault::missing);
  if (!equal_ignoring_case(to.params.begin()->name, "icid-value") &&
      !in.allow("icid-value that does not stand first"))
    return false;
  return std::ranges::all_of(to.params, [&in](const Param& param) { return check(in, param); });
}

}  // namespace kith::sip
