#include "server/service/user.h"

#include <algorithm>

#include "server/service/settings.h"

namespace kith::service {

bool Settings::serves(std::string_view domain) const {
  return std::ranges::find(domains, domain) != domains.end();
}

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

}  // namespace kith::service
