#include "kith/sip/header/p_access_network_info.h"

#include "kith/sip/shape/param_rules.h"

namespace kith::sip {

bool read(Scanner& in, PAccessNetworkInfoView& to) {
  if (!in.token(to.access_type) || !read(in, to.params)) return false;
  return (holds_if_there(to.params, "dvb-rcs2-node-id", is_quoted) &&
          holds_if_there(to.params, "local-time-zone", is_quoted)) ||
         in.allow("access information without quotes");
}

}  // namespace kith::sip
