#pragma once

#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kith/ua/keep_alive.h"
#include "kith/ua/layer_core.h"
#include "kith/ua/talks.h"
#include "kith/ua/user_agent.h"

namespace kith::ua {

/// A subscription that says nothing of its end: RFC 6665 §4.1.2.1 leaves it to the package.
inline constexpr Duration subscription_default = 3600s;

/// What the layer above is to be told at a time.
struct Alarm {
  enum class What : std::uint8_t { retransmission_due, still_calling, invite_expired };
  Time at;
  TransactionId transaction;
  What what = What::still_calling;

  auto operator<=>(const Alarm&) const = default;
};

/// A 2xx of the peer to an INVITE of ours, and the ACK for each time that it comes again.
struct Accepted {
  std::string tag;  // of To
  DialogId dialog;
  Flow flow;  // that the ACK took, for when the dialog has ended
  std::optional<sip::Message> ack{};
};

/// A request of ours, until its transaction has ended.
struct Asked {
  sip::Message request;
  std::optional<DialogId> within{};  // the dialog that it was sent in
  std::vector<DialogId> made{};      // dialogs that its responses made; the first is not a fork
  std::vector<Accepted> accepted{};  // one in a dialog; of forks, at most as many as were made
  bool makes_dialogs = false;
  Time expires_at = never;     // of an INVITE, by its Expires
  Time calling_until = never;  // when StillCalling is due
  bool tagged = false;         // a response with a To tag came
  bool answered = false;

  /// That which had this 2xx before: a fork is told by its tag, and within a dialog nothing forks.
  const Accepted* accepted_before(const sip::Message& response) const;
};

/// A request of a peer, until its transaction has ended.
struct Served {
  sip::Message request;
  std::optional<DialogId> within{};
  std::optional<DialogId> made{};
  Flow flow{};
  std::string merge_key{};
  std::string tag{};                          // of To in every response
  std::uint32_t next_reliable = 1;            // RSeq: RFC 3262 §3
  std::optional<dialog::Repetition> alert{};  // of the 2xx that waits for its ACK
  bool alerts = false;
  bool makes_dialogs = false;
  bool answered = false;
};

/// A SUBSCRIBE or REFER of ours whose NOTIFY may come before, or beside, its 2xx.
struct Subscribing {
  std::string key;  // Call-ID and our tag
  sip::Message request;
  Flow flow;
  Time until;
  bool begun = false;  // a NOTIFY or the 2xx has made a dialog of it
};

/// A flow that is pinged.
struct Kept {
  Flow flow;
  KeepAlive keep_alive;
};

/// What is behind UserAgent.
class UserAgentCore : public LayerCore<UserAgentCore, AgentOutput> {
 public:
  UserAgentCore(UserAgentConfig config, Random& random);

  // Sending: user_agent.cpp.
  TransactionId request(const Flow& flow, sip::Message request, Time now);
  std::optional<sip::Message> draft(DialogId id, std::string_view method) const;
  Result<TransactionId> send(DialogId id, sip::Message request, Time now);
  Result<void> ack(DialogId id, Time now, std::string_view content_type, std::string_view body);
  Result<TransactionId> prack(DialogId id, const sip::Message& response, Time now,
                              std::string_view content_type, std::string_view body);
  std::optional<TransactionId> cancel(TransactionId invite, Time now);
  Result<void> begin_dialog(TransactionId id);

  // Answering: user_agent_answers.cpp.
  std::optional<DialogId> dialog_of(TransactionId id) const;
  Result<void> respond(TransactionId id, sip::Message response, Time now);
  Result<void> respond_reliably(TransactionId id, sip::Message response, Time now);
  void forget(TransactionId id);
  std::optional<DialogId> find(const sip::Replaces& replaces) const;

  // Telling the layer above in time: user_agent_alarms.cpp.
  Result<void> alert_if_calling(TransactionId id, Duration after, Time now);
  Result<void> alert_retransmissions(TransactionId id);

  void keep_alive(const Flow& flow, std::optional<Duration> most, Time now);
  void moved(const Flow& from, const Flow& to, std::string_view bytes);
  void drop(DialogId id) { end(id, DialogEnding::dropped); }
  void tick(Time now);

  UserAgentConfig config;
  Talks talks;

  std::size_t requests() const { return asked_.size() + served_.size() + subscribing_.size(); }
  Time next_deadline() const;

 private:
  friend LayerCore;  // which hears the endpoint

  // Receiving: user_agent_requests.cpp, user_agent_responses.cpp.
  void on(RequestReceived&& received, Time now);
  void on(ResponseReceived&& received, Time now);
  void on(AckReceived&& received, Time now);
  void on(CancelReceived&& received, Time now);
  void on(Ended&& ended, Time now);
  void on(ResponseElsewhere&& elsewhere, Time) { notify(std::move(elsewhere)); }
  void on(ReplyStranded&& reply, Time) { notify(std::move(reply)); }
  void on(FlowClosed&& closed, Time now);
  void on(PongReceived&& pong, Time now);
  void on(Refused&& refused, Time) { notify(std::move(refused)); }

  std::optional<Error> fault_inside(const Talk& talk, const sip::Message& request) const;

  bool not_served(const RequestReceived& received, Time now);
  void outside(RequestReceived&& received, Time now);
  void inside(RequestReceived&& received, DialogId id, Time now);
  bool out_of_order(const RequestReceived& received, Talk& talk, Time now);
  bool invite_pending(const Talk& talk) const;
  bool overlaps(const RequestReceived& received, const Talk& talk, Time now);
  bool acknowledges(const RequestReceived& received, Talk& talk, Time now);
  std::optional<DialogId> begun_by_notify(const RequestReceived& received, Time now);
  void serve(RequestReceived&& received, std::optional<DialogId> within,
             std::string merge_key = {});
  void refuse_notify(const RequestReceived& received, Time now);
  std::optional<Error> fault_of_headers(const sip::Message& request) const;
  std::optional<sip::Uri> take_route(sip::Message& request, const Flow& flow) const;
  void answer(const RequestReceived& received, int status, Time now,
              std::initializer_list<std::pair<std::string_view, std::string>> headers = {},
              std::string_view reason = {});

  std::optional<Error> objection(TransactionId id, const sip::Message& response) const;
  static Config with_own(Config given, DialogPolicy dialogs, const UserAgentCore& own);
  // Each of these two: whether the response is passed up.
  bool in_order(const Response& response);
  bool comes_again(const Asked& asked, const Accepted& before, Response& response, Time now);
  void answered_outside(Asked& asked, Response& response, Time now);
  void answered_inside(Asked& asked, Response& response, Time now);
  void invite_succeeded(Asked& asked, DialogId id, const Response& response, Time now);
  void owe_ack(const Asked& asked, DialogId id, const Response& response, Time now);
  void was_acknowledged(TransactionId invite, DialogId id, sip::Message ack);
  std::optional<DialogId> fork_of(Asked& asked, const Response& response, Time now);
  void subscribed(const sip::Message& request, const sip::Message& response, Talk& talk,
                  dialog::Side asked, Time now);
  void begun_by_success(const sip::Message& request);
  void notified(const sip::Message& notify, DialogId id, dialog::Side asked);
  void lost(const sip::Message& request, DialogId id, Time now);
  void asked_ended(const Asked& asked, const Ended& ended, Time now);
  void served_ended(const Served& served, const Ended& ended);
  void release(const Served& served, TransactionId id);

  Result<void> check_response(const Served& served, const sip::Message& response) const;
  bool begin_as_callee(Served& served, TransactionId id, Time now);
  void was_answered(Served& served, TransactionId id, const sip::Message& response, Time now);
  void complete(Served& served, sip::Message& response);
  sip::Message unavailable(Served& served);
  bool has_room(const Served& served, const sip::Message& response) const;

  void fire_alarms(Time now);
  void ping_flows(Time now);
  void alert(TransactionId id, Time now);
  void start_alert(Served& served, TransactionId id, Time now);
  bool sends_again(const Served& served, const sip::Message& response) const;
  void acknowledged(const sip::Message& ack);
  void silence(const Asked& asked, TransactionId id);
  void silence(const Served& served, TransactionId id);

  void fire(DialogId id, Time now);
  void hang_up(DialogId id, Time now);
  void end_session(DialogId id);
  void give_up_replaced(const sip::Message& invite);
  /// After a usage of it ended: whether it is still there.
  bool end_if_unused(DialogId id, DialogEnding why);
  void end(DialogId id, DialogEnding why);
  void end_early(const std::vector<DialogId>& dialogs, DialogEnding why);

  bool makes_dialogs(std::string_view method) const;
  void notify(Event event) { outputs.emplace_back(std::move(event)); }
  Duration patience() const { return 64 * config.endpoint.timers.t1; }
  transaction::Timers timers_of(TransactionId id) const {
    return endpoint.timers(id).value_or(config.endpoint.timers);
  }

  std::unordered_map<TransactionId, Asked> asked_;
  std::unordered_map<TransactionId, Served> served_;
  std::unordered_map<std::string, TransactionId, KeyedHash> merged_;
  std::unordered_map<std::string, TransactionId, KeyedHash> alerted_;  // by what its ACK repeats
  std::set<Alarm> alarms_;
  std::deque<Subscribing> subscribing_;  // the oldest first
  std::vector<Kept> kept_;
};

}  // namespace kith::ua
