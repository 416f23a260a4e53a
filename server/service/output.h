#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kith/auth/mechanism.h"
#include "kith/base/flow.h"
#include "kith/base/strong.h"
#include "kith/sip/message.h"
#include "server/service/caller.h"
#include "server/service/outcome.h"
#include "server/store/write.h"

namespace kith::service {

using CommitId = Strong<struct CommitIdName, std::uint64_t>;

/// The final response to a request, signed.
struct Respond {
  Origin origin;
  sip::Message response;
};

/// The request gets no answer, now or later: what waits for one is to go.
struct Forget {
  Origin origin;
};

/// Whose NOTIFY was answered, or was not.
struct NotifyRef {
  sip::Aor aor;
  SubscriptionId subscription;
};

/// A notification, signed. A NOTIFY needs a transaction, and its end told to answered(); a BENOTIFY
/// is sent and forgotten (SIP-BEN-07).
struct Notify {
  Flow flow;
  sip::Message request;
  NotifyRef ref;
  bool with_transaction = true;
};

/// Wanted from the store; the answer goes to loaded().
struct Load {
  sip::Aor aor;
};

/// To be stored; the answer goes to committed(). `lazily`: nobody waits for it.
struct Commit {
  CommitId id;
  store::Batch batch;
  bool lazily = false;
};

/// A token to be looked at; the answer goes to accepted().
struct Accept {
  auth::AcceptJob job;
};

/// Somebody authenticated here: the connection timer ends (SIP-TRAN-16).
struct FlowAuthenticated {
  Flow flow;
};

/// The store does not know what it has: the process ends and recovers from disk.
struct Halt {
  std::string why;
};

struct Log {
  enum class Level { warning, error };
  Level level = Level::warning;
  std::string_view event;  // static storage
  sip::Aor aor;
  std::string call_id;
  std::optional<Flow> flow;
  std::string error;
};

using Output =
    std::variant<Respond, Forget, Notify, Load, Commit, Accept, FlowAuthenticated, Halt, Log>;

}  // namespace kith::service
