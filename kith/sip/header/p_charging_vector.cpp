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

/// transit-ioi-list = DQUOTE transit-ioi-param *( COMMA transit-ioi-param ) DQUOTE
/// transit-ioi-param = ALPHA *( ALPHA / DIGIT ) "." 1*DIGIT / "void"
bool is_transit_list(const Param& param) {
  Scanner in(param.value);
  do {
    if (!letters[in.peek()]) return false;
    const std::string_view network = in.run(letters | digits);
    std::string_view index;
    if (in.next('.') ? !in.run(digits, index) : !equal_ignoring_case(network, "void")) return false;
  } while (in.separator(','));
  return param.quoted && in.at_end();
}

/// What the grammar says of a parameter by its name.
bool check(Scanner& in, const Param& param) {
  const auto is = [&param](std::string_view name) { return equal_ignoring_case(param.name, name); };
  if (is("icid-generated-at") || is("related-icid-generated-at"))
    return is_host(param, in.mode()) || in.allow("host that is none in a charging vector");
  if (is("transit-ioi"))
    return is_transit_list(param) || in.allow("networks in between that follow no grammar");
  return true;
}

}  // namespace

bool read(Scanner& in, PChargingVectorView& to) {
  if (!read_param_list(in, to.params)) return false;
  if (to.icid_value().empty()) return in.refuse(Fault::missing);
  if (!equal_ignoring_case(to.params.begin()->name, "icid-value") &&
      !in.allow("icid-value that does not stand first"))
    return false;
  return std::ranges::all_of(to.params, [&in](const Param& param) { return check(in, param); });
}

}  // namespace kith::sip
