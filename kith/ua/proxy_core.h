#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "kith/base/timer_wheel.h"
#include "kith/transaction/transactions.h"
#include "kith/ua/layer_core.h"
#include "kith/ua/proxy.h"

namespace kith::ua {

/// A request on its way to one target, until its transaction has ended.
struct ProxyBranch {
  TransactionId id;
  bool pending = true;       // no final response yet
  bool provisional = false;  // it had one: only then may it be cancelled, RFC 3261 §9.1
  bool unwanted = false;     // to be cancelled
  bool cancelled = false;    // it was
  // Timer C, or no_answer_timer; after the CANCEL, how long its 487 may take.
  Time until = never;
};

/// RFC 3261 §16.7: a request, and what came of forwarding it.
struct ResponseContext {
  TransactionId server;
  Flow flow;             // where the request came by
  sip::Message request;  // as it was passed up; once it is forwarded, as it is sent
  std::string mark;      // of loops
  std::multimap<sip::QValue, Target, std::greater<>> waiting{};  // the best first
  std::vector<ProxyBranch> branches{};
  std::optional<sip::Message> best{};
  std::vector<std::pair<std::string, std::string>> challenges{};  // name and value
  bool forwarded = false;
  bool answered = false;          // no other than 2xx to INVITE is forwarded any more
  bool cancelled = false;         // by its sender
  bool server_there = true;       // its own transaction
  std::size_t clients_there = 0;  // transactions of branches
  ProxyEnded ended{};

  bool is_invite() const { return request.method() == "INVITE"; }
  bool pending() const;
  ProxyBranch* branch(TransactionId id);
  Time deadline() const;
};

/// What is behind Proxy.
class ProxyCore : public LayerCore<ProxyCore, ProxyOutput> {
 public:
  ProxyCore(ProxyConfig config, Random& random);

  Result<void> forward(TransactionId id, std::vector<Target> targets, Time now);
  Result<void> forward_statelessly(TransactionId id, const Target& target, Time now);
  void forward_statelessly(ProxyAck ack, const Target& target);
  Result<void> respond(TransactionId id, sip::Message response, Time now);
  void tick(Time now);
  Time next_deadline() const;

  ProxyConfig config;

  std::size_t contexts() const { return by_server_.size(); }

 private:
  friend LayerCore;  // which hears the endpoint
  using Index = std::uint32_t;

  // Requests: proxy_requests.cpp.
  void on(RequestReceived&& received, Time now);
  void on(AckReceived&& received, Time now);
  void on(CancelReceived&& received, Time now);
  bool refused(const RequestReceived& received, std::string_view mark, Time now);
  bool prepare(sip::Message& request);
  static void aim(sip::Message& request, const Target& target);
  void start(Index index, Time now);
  void send_statelessly(sip::Message request, const Flow& came_by, const Target& target);

  // Responses: proxy_responses.cpp.
  void on(ResponseReceived&& received, Time now);
  void on(Ended&& ended, Time now);
  void on(ResponseElsewhere&& elsewhere, Time now);
  void on(FlowClosed&& closed, Time) { notify(std::move(closed)); }
  void on(ReplyStranded&& reply, Time) { notify(std::move(reply)); }
  void on(PongReceived&& pong, Time) { notify(std::move(pong)); }
  void on(Refused&& refused, Time) { notify(std::move(refused)); }
  void provisional(ResponseContext& context, ProxyBranch& branch, const sip::Message& response,
                   Time now);
  void success(ResponseContext& context, ProxyBranch& branch, const sip::Message& response,
               Time now);
  void failure(ResponseContext& context, ProxyBranch& branch, sip::Message response, Time now);
  void server_ended(Index index, const Ended& ended, Time now);
  void keep(ResponseContext& context, sip::Message response);
  void cancel(ProxyBranch& branch, Time now);
  void cancel_all(ResponseContext& context, Time now);
  /// Tries the next targets, or answers, when nothing is pending.
  void proceed(Index index, Time now);
  void answer_best(ResponseContext& context, Time now);
  void fire(Index index, Time now);
  /// After something changed: its timer, and whether it is still needed.
  void settle(Index index);

  void answer(ResponseContext& context, sip::Message response, Time now);
  sip::Message response_to(const sip::Message& request, int status);
  Index add(ResponseContext context);
  Duration patience() const { return 64 * config.endpoint.timers.t1; }
  Duration rings_for() const { return config.no_answer_timer.value_or(config.endpoint.timers.c); }
  void notify(ProxyEvent event) { outputs.emplace_back(std::move(event)); }

  std::deque<std::optional<ResponseContext>> contexts_;
  std::vector<Index> free_;
  std::unordered_map<TransactionId, Index> by_server_;
  std::unordered_map<TransactionId, Index> by_client_;
  TimerWheel wheel_;
};

}  // namespace kith::ua
