#pragma once

#include <string_view>

#include "kith/auth/endpoint.h"
#include "kith/base/flow.h"
#include "kith/base/random.h"
#include "kith/base/time.h"
#include "kith/sip/message.h"
#include "kith/sip/uri.h"
#include "kith/ua/endpoint.h"
#include "server/service/settings.h"

namespace kith::service {

/// Where a request came in, and where its answer goes.
struct Origin {
  ua::TransactionId transaction;
  Flow flow;
};

/// Who asks: authenticated, and the owner of the From address.
struct Caller {
  sip::Aor aor;
  auth::SaRef device;  // signs what goes back; empty for Digest
  std::string epid;    // of From, lower case; empty for a plain RFC 3261 client
  Flow flow;
};

/// What every handler is given besides the user's state. It asks the world for nothing else.
struct Request {
  const sip::Message& message;
  const Caller& caller;
  const Settings& settings;
  Random& random;
  Time now;
};

}  // namespace kith::service
