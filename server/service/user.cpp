#include "server/service/user.h"

#include <algorithm>

namespace kith::service {

ListSubscription* User::subscription(SubscriptionId id) {
  const auto found = std::ranges::find(subscriptions, id, &ListSubscription::id);
  return found == subscriptions.end() ? nullptr : &*found;
}

ListSubscription* User::subscription_of(const sip::Message& request) {
  const auto found = std::ranges::find_if(subscriptions, [&](const ListSubscription& each) {
    return each.subscription.dialog().matches_request(request);
  });
  return found == subscriptions.end() ? nullptr : &*found;
}

void User::drop(SubscriptionId id) {
  std::erase_if(subscriptions, [&](const ListSubscription& each) { return each.id == id; });
}

void User::drop_of(const auth::SaRef& device) {
  std::erase_if(subscriptions, [&](const ListSubscription& each) { return each.device == device; });
}

void User::drop_of_epid(std::string_view epid) {
  std::erase_if(subscriptions, [&](const ListSubscription& each) { return each.epid == epid; });
}

}  // namespace kith::service
