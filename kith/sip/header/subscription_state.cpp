#include "kith/sip/header/subscription_state.h"

namespace kith::sip {

bool read(Scanner& in, SubscriptionStateView& to) {
  return in.token(to.state) && read(in, to.params);
}

}  // namespace kith::sip
