#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "kith/auth/endpoint.h"
#include "kith/base/flow.h"
#include "kith/base/strong.h"
#include "kith/base/time.h"
#include "kith/contacts/list.h"
#include "kith/sip/message.h"
#include "server/store/write.h"

namespace kith::service {

using SubscriptionId = Strong<struct SubscriptionIdName, std::uint64_t>;

/// One step of the list, to every device that has not seen it yet.
struct TellDevices {
  contacts::Version from;
  contacts::Version to;
  std::string body;  // contactDelta
};

/// The whole list to one subscription, whatever it has seen.
struct TellList {
  SubscriptionId subscription;
  contacts::Version version;
  std::string body;  // contactList
};

/// The last NOTIFY of a subscription, which is gone already.
struct Farewell {
  sip::Message notify;
  Flow flow;
  auth::SaRef device;  // signs it; empty: unsigned
};

using Effect = std::variant<TellDevices, TellList, Farewell>;

/// What a handler wants to happen. Nothing of it leaves the server before the writes are on disk:
/// then the reply first, then the effects in their order.
struct Outcome {
  sip::Message reply;
  std::vector<store::Write> writes{};
  std::vector<Effect> effects{};

  std::optional<SubscriptionId> opened{};  // taken back where the outcome never leaves
  std::optional<TellList> instead{};       // sent later, where the reply that carries it was not
  std::optional<Time> registered_until{};  // the device's association lasts as long
  bool signs_off = false;                  // the device's association ends after the reply
  bool survives_refusal = false;  // about bindings only: a refused write does not concern it
};

}  // namespace kith::service
