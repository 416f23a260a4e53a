#include "kith/sip/header/subscription_state.h"

#include <array>

#include "kith/sip/shape/param_rules.h"

namespace kith::sip {

namespace {

constexpr std::array subscription_state_rules{
    NamedRule{"expires", is_number<>},
    NamedRule{"reason", is_token},
    NamedRule{"retry-after", is_number<>},
};

}  // namespace

bool read(Scanner& in, SubscriptionStateView& to) {
  return in.token(to.state) && read_params(in, to.params, subscription_state_rules);
}

}  // namespace kith::sip
