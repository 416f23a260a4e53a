#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kith/auth/endpoint.h"
#include "kith/base/flow.h"
#include "kith/contacts/list.h"
#include "kith/event/subscription.h"
#include "server/service/outcome.h"
#include "server/store/record.h"

namespace kith::service {

/// A device of the user that has registered: RFC 3261 §10.
struct Device {
  store::Binding binding;
  Flow flow;                    // id 0: known from disk only
  bool knows_presence = false;  // Supported: com.microsoft.msrtc.presence; unknown after a restart
};

/// A device's subscription to the user's own contact list.
struct ListSubscription {
  SubscriptionId id;
  event::Subscription subscription;
  auth::SaRef device;  // empty: unsigned
  std::string epid;
  Flow flow;
  contacts::Version told;  // the newest version that was on its way to it
};

/// Who took the list to a version.
struct Author {
  contacts::Version version;
  std::string epid;
};

/// The state of one user that handlers see and change.
struct User {
  std::optional<store::Account> account;
  contacts::List list;
  std::vector<Device> devices;
  std::vector<ListSubscription> subscriptions;
  std::deque<Author> authors;  // of the newest versions, ascending
  std::uint64_t last_subscription = 0;

  ListSubscription* subscription(SubscriptionId id);
  /// The subscription whose dialog the request belongs to.
  ListSubscription* subscription_of(const sip::Message& request);

  void drop(SubscriptionId id);
  /// Those of a device: nothing could be signed for it any longer.
  void drop_of(const auth::SaRef& device);
  void drop_of_epid(std::string_view epid);
};

}  // namespace kith::service
