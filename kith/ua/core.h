#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "kith/transaction/transactions.h"
#include "kith/ua/connections.h"
#include "kith/ua/endpoint.h"
#include "kith/ua/outputs.h"
#include "kith/ua/via.h"

namespace kith::ua {

/// What is behind Endpoint.
class Endpoint::Core final : private transaction::Listener {
 public:
  Core(Config config, Random& random);

  void opened(const Flow& flow, Time now);
  void receive(const Flow& flow, std::string_view bytes, Time now);
  void response_came(const Flow& flow, sip::Message&& response, Time now);
  void closed(const Flow& flow, std::error_code why);
  void tick(Time now);
  Time next_deadline() const;
  std::optional<Output> poll();

  void respond(TransactionId id, const sip::Message& response, Time now);
  void forget(TransactionId id);
  Result<void> set_timers(TransactionId id, const transaction::Timers& timers, Time now);
  std::optional<transaction::Timers> timers(TransactionId id) const;
  TransactionId request(const Flow& flow, sip::Message&& request, Time now,
                        std::string_view branch_end);
  std::optional<TransactionId> cancel(TransactionId invite, Time now);
  void send_stateless(const Flow& flow, sip::Message&& message, std::string_view unique);

  void authenticated(const Flow& flow) { connections_.authenticated(flow); }
  void let_connections_stay() { connections_.let_stay(); }
  void close(const Flow& flow, Closing why);
  void moved(const Flow& from, const Flow& to, std::string_view bytes);
  void ping(const Flow& flow);
  bool is_up(const Flow& flow) const {
    return !is_stream(flow.transport) || connections_.has(flow);
  }
  std::optional<transaction::State> state(TransactionId id) const;
  Counts counts() const;

 private:
  // Incoming: incoming.cpp.
  void message(const Flow& flow, std::string_view bytes, Time now);
  bool inspected(const Flow& flow, std::string_view bytes);
  void unreadable(const Flow& flow, std::string_view bytes, const Error& error);
  void request_came(const Flow& flow, sip::Message&& request, Time now);
  void answer_faulty(const Flow& flow, sip::Message& request, int status, const Error& error);
  void ack_came(const Flow& flow, sip::Message&& ack, const sip::ViaView& via,
                const transaction::Key& key, Time now);
  void cancel_came(const sip::Message& cancel, TransactionId id,
                   std::optional<TransactionId> invite, Time now);
  bool refused_at_the_door(const Flow& flow, const Flow& reply, const sip::Message& request);
  bool is_ours(const sip::ViaView& via, TransactionId id);
  std::optional<std::string> ack_bytes(TransactionId id, const sip::Message& response) const;
  void refuse(const Flow& reply, const sip::Message& request, const Refused& refused);
  void drop(const Flow& flow, const Error& error);

  // transaction::Listener
  void send(const Flow& flow, const std::string& bytes) override;
  void ended(TransactionId id, Ending why, std::error_code error) override;

  void strand(const Flow& flow, const std::string& bytes);
  transaction::Transactions::Which ended_with_connections() const {
    using enum transaction::Transactions::Which;
    return config_.outlives_connections ? clients : all;
  }
  /// A notice of that kind, made where it is kept.
  template <class What, class... Members>
  void notify(Members&&... members) {
    outputs_.add(std::in_place_type<Notice>, std::in_place_type<What>,
                 std::forward<Members>(members)...);
  }
  std::string with_our_via(const Flow& flow, sip::Message& request, std::string_view branch);
  std::error_code unreachable(const Flow& flow, std::size_t size) const;
  /// Of what leaves on this flow; until the next call.
  const Sender& sender(const Flow& flow);
  TransactionId fails_at_once(Ending why, std::error_code error);

  Config config_;
  Random& random_;
  transaction::HashKey secret_;
  transaction::Transactions transactions_;
  Connections connections_;
  Outputs outputs_;
  std::array<Sender, 3> senders_;  // as configured, by transport
  // Of the last flow that has none, for the next is nearly always the same.
  Address local_{};
  Sender local_sender_ = sender_of(local_);
  std::uint32_t failed_at_once_ = 0;
};

}  // namespace kith::ua
