#pragma once

#include <cstddef>
#include <deque>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "kith/auth/authenticator.h"
#include "server/service/output.h"
#include "server/service/settings.h"
#include "server/service/user.h"
#include "server/store/write.h"

namespace kith::service {

/// What kithctl asks about one user.
struct UserView {
  bool known = false;
  contacts::List list;
  std::vector<Device> devices;
  std::size_t subscriptions = 0;
};

struct Statistics {
  std::size_t users = 0;
  std::size_t devices = 0;
  std::size_t subscriptions = 0;
  std::size_t associations = 0;
  std::size_t flows = 0;  // connections over which users are reached
  std::size_t held = 0;
  std::uint64_t requests = 0;
  std::uint64_t refused_by_store = 0;
  std::uint64_t notifications = 0;
  std::uint64_t too_large = 0;  // lists that did not fit into a datagram, asked for or told

  Statistics& operator+=(const Statistics& more);
};

/// Everything about the users of one shard: who they are, what they may, their lists, devices and
/// subscriptions. Pure: it is told what happened and asked, with poll(), what is to be done.
///
/// A handler's outcome is held until its writes are on disk; a user's outcomes leave in the order
/// in which they were made.
class Core {
 public:
  /// Settings and random outlive the core.
  Core(const Settings& settings, Random& random);
  ~Core();
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  /// A request of a user of this shard, by From.
  void receive(Origin origin, sip::Message request, Time now);
  /// How a NOTIFY of ours ended: its final status, 0 where none came. `now` lets others leave.
  void answered(const NotifyRef& ref, int status, Time now);
  /// A connection is gone; all shards are told.
  void flow_closed(const Flow& flow, Time now);

  void loaded(const sip::Aor& aor, std::expected<store::UserRecord, std::string> record, Time now);
  void committed(CommitId id, const store::CommitResult& result, Time now);
  void accepted(auth::JobId job, auth::AcceptResult result, Time now);

  /// An administrator changed or removed the account: the user's associations, bindings and
  /// subscriptions end, and what is known of the account is read again.
  void account_changed(const sip::Aor& aor, Time now);

  void tick(Time now);
  Time next_deadline() const;
  std::optional<Output> poll();

  /// Nothing is held and nobody waits: all that was accepted has been answered.
  bool is_quiet() const { return held_ == 0 && waiting_ == 0 && asking_.empty(); }

  std::optional<UserView> user(const sip::Aor& aor) const;
  Statistics statistics() const;

  /// The address of record that decides which shard a request belongs to: that of From.
  static std::optional<sip::Aor> owner(const sip::Message& request);

 private:
  struct Incoming;
  struct Held;
  struct Entry;
  struct Asking;
  class Directory;

  Entry* open(const sip::Aor& aor, Time now);
  void wait(Entry& entry, Incoming incoming, Time now);
  void turn_away(Entry& entry, Incoming incoming, Time now);
  void examine(Entry& entry, Incoming incoming, Time now);
  void settle(Entry& entry, auth::Verdict verdict, Incoming incoming, Time now);
  void challenge(Entry& entry, const auth::Challenge& challenge, const Incoming& incoming);
  void refuse(Entry& entry, const auth::Refuse& refuse, const Incoming& incoming);
  void pass(Entry& entry, const auth::Passed& passed, Incoming incoming, Time now);
  Outcome dispatch(Entry& entry, const Request& request);

  void hold(Entry& entry, Incoming incoming, Caller caller, Outcome outcome, Time now);
  void release(Entry& entry, Time now);
  void leave(Entry& entry, Held& held, Time now);
  void answer_signed(Entry& entry, const Incoming& incoming, const auth::SaRef& device,
                     sip::Message response, Time now);
  void perform(Entry& entry, Effect& effect, Time now);
  void notify(Entry& entry, ListSubscription& subscription, contacts::Version version,
              std::string_view body, Time now);
  void too_large(const Entry& entry, const Flow& flow);
  void take_back(Entry& entry, Held& held);
  void refused(Entry& entry, std::size_t from);
  void lose_patience(Entry& entry, Time now);

  void take_bindings(Entry& entry, std::vector<store::Binding> bindings, Time now);
  static bool is_idle(const Entry& entry);
  void forget(Entry& entry);
  void drop_flow(Entry& entry, const Flow& flow);
  void drop_unanswered(const Flow& flow);
  void load_again(Entry& entry, Time now);
  void save_lazily(Entry& entry, std::vector<store::Write> writes);
  void end_sessions(Entry& entry, Time now);
  void expire(Entry& entry, Time now);
  void schedule(Entry& entry, Time now);
  void respond(const Origin& origin, sip::Message response);
  std::string account_trouble(const Entry& entry, const sip::Message& request) const;
  void log(Log::Level level, std::string_view event, const Entry& entry, std::string error);
  void log(Log::Level level, std::string_view event, const Entry& entry,
           const sip::Message& message, const Flow& flow, std::string error);

  const Settings& settings_;
  Random& random_;
  std::unique_ptr<Directory> directory_;
  auth::Authenticator authenticator_;
  std::unordered_map<sip::Aor, std::unique_ptr<Entry>> users_;
  std::map<std::uint64_t, std::set<sip::Aor>> flows_;  // who is reached over a connection
  std::map<auth::JobId, Asking> asking_;
  std::map<CommitId, sip::Aor> commits_;
  std::set<std::pair<Time, sip::Aor>> deadlines_;
  std::deque<Output> outputs_;
  std::uint64_t last_commit_ = 0;
  std::size_t held_ = 0;
  std::size_t waiting_ = 0;
  std::size_t strangers_ = 0;
  std::set<sip::Aor> awaited_users_;  // those whom requests wait for
  Statistics statistics_;
};

}  // namespace kith::service
