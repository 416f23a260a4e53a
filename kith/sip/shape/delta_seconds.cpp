#include "kith/sip/shape/delta_seconds.h"

#include "kith/sip/shape/param_rules.h"

namespace kith::sip {

bool read_delta_seconds(Scanner& in, std::uint32_t& seconds, ParamsView& params,
                        bool has_refresher) {
  return in.number(seconds) && read(in, params) &&
         (!has_refresher || is_one_of_if_there(params, "refresher", {"uac", "uas"}));
}

}  // namespace kith::sip
