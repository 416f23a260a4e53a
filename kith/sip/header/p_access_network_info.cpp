#include "kith/sip/header/p_access_network_info.h"

namespace kith::sip {

bool read(Scanner& in, PAccessNetworkInfoView& to) {
  return in.token(to.access_type) && read(in, to.params);
}

}  // namespace kith::sip
