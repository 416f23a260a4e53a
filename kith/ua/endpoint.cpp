#include "kith/ua/endpoint.h"

#include <algorithm>
#include <utility>

#include "kith/base/ensure.h"
#include "kith/sip/header/content_length.h"
#include "kith/sip/header/cseq.h"
#include "kith/sip/header/max_forwards.h"
#include "kith/sip/header/to.h"
#include "kith/sip/header/via.h"
#include "kith/sip/limits.h"
#include "kith/transaction/derived.h"
#include "kith/ua/core.h"
#include "kith/ua/settings.h"
#include "kith/ua/via.h"

namespace kith::ua {
namespace {

// The slot that no transaction has: ids of requests that ended before they began.
constexpr std::uint64_t no_slot = 0xffffffff;

// Whether an INVITE, written as so many bytes, is over what is read: its ACK and CANCEL could not
// be made of it. What is forwarded may have come just below that, and had our headers added.
bool is_too_large(const sip::Message& invite, std::size_t size) {
  const std::size_t lines = invite.field_count();
  return size - invite.body().size() > sip::header_section_size_max ||
         size > sip::message_size_max || lines > sip::headers_max ||
         (lines == sip::headers_max && !invite.has<sip::ContentLength>()) ||
         invite.request_uri().size() > sip::request_uri_length_max;
}

/// By transport.
std::array<Sender, 3> senders_of(const SentBy& sent_by) {
  static_assert(static_cast<int>(Transport::udp) == 0 && static_cast<int>(Transport::tcp) == 1 &&
                static_cast<int>(Transport::tls) == 2);
  return {sender_of(sent_by.udp), sender_of(sent_by.tcp), sender_of(sent_by.tls)};
}

}  // namespace

// ---- Endpoint -----------------------------------------------------------------------------------

Endpoint::Endpoint(Config config, Random& random)
    : core_(std::make_unique<Core>(std::move(config), random)) {}
Endpoint::~Endpoint() = default;

void Endpoint::opened(const Flow& flow, Time now) { core_->opened(flow, now); }
void Endpoint::receive(const Flow& flow, std::string_view bytes, Time now) {
  core_->receive(flow, bytes, now);
}
void Endpoint::take_over(const Flow& flow, sip::Message response, Time now) {
  core_->response_came(flow, std::move(response), now);
}
void Endpoint::closed(const Flow& flow, std::error_code why, Time) { core_->closed(flow, why); }
void Endpoint::moved(const Flow& from, const Flow& to, std::string_view bytes) {
  core_->moved(from, to, bytes);
}
void Endpoint::tick(Time now) { core_->tick(now); }
Time Endpoint::next_deadline() const { return core_->next_deadline(); }
std::optional<Output> Endpoint::poll() { return core_->poll(); }
void Endpoint::respond(TransactionId transaction, const sip::Message& response, Time now) {
  core_->respond(transaction, response, now);
}
void Endpoint::forget(TransactionId transaction) { core_->forget(transaction); }
Result<void> Endpoint::set_timers(TransactionId transaction, const transaction::Timers& timers,
                                  Time now) {
  return core_->set_timers(transaction, timers, now);
}
std::optional<transaction::Timers> Endpoint::timers(TransactionId transaction) const {
  return core_->timers(transaction);
}
TransactionId Endpoint::request(const Flow& flow, sip::Message request, Time now,
                                std::string_view branch_end) {
  return core_->request(flow, std::move(request), now, branch_end);
}
std::optional<TransactionId> Endpoint::cancel(TransactionId invite, Time now) {
  return core_->cancel(invite, now);
}
void Endpoint::send(const Flow& flow, sip::Message message, std::string_view unique) {
  core_->send_stateless(flow, std::move(message), unique);
}
void Endpoint::authenticated(const Flow& flow) { core_->authenticated(flow); }
void Endpoint::let_connections_stay() { core_->let_connections_stay(); }
void Endpoint::close(const Flow& flow, Closing why) { core_->close(flow, why); }
void Endpoint::ping(const Flow& flow) { core_->ping(flow); }
bool Endpoint::is_up(const Flow& flow) const { return core_->is_up(flow); }
std::optional<transaction::State> Endpoint::state(TransactionId transaction) const {
  return core_->state(transaction);
}
Counts Endpoint::counts() const { return core_->counts(); }

// ---- Core ---------------------------------------------------------------------------------------

Endpoint::Core::Core(Config config, Random& random)
    : config_(checked(std::move(config))),
      random_(random),
      secret_(transaction::make_secret(random)),
      transactions_(config_.timers, secret_, *this),
      connections_(config_),
      senders_(senders_of(config_.sent_by)) {}

void Endpoint::Core::opened(const Flow& flow, Time now) {
  if (!is_stream(flow.transport)) return;
  if (connections_.size() >= config_.limits.connections_max) {
    outputs_.add(Close{flow});
    notify<FlowClosed>(flow, Closing::limit, std::error_code{});
    return;
  }
  connections_.open(flow, now);
}

void Endpoint::Core::closed(const Flow& flow, std::error_code why) {
  const bool stream = is_stream(flow.transport);
  if (stream && !connections_.erase(flow)) return;
  transactions_.transport_failed(flow, ended_with_connections(), why);
  if (stream) notify<FlowClosed>(flow, Closing::by_peer, why);
}

void Endpoint::Core::close(const Flow& flow, Closing why) {
  if (!is_stream(flow.transport) || !connections_.erase(flow)) return;
  transactions_.transport_failed(flow, ended_with_connections(),
                                 std::make_error_code(std::errc::connection_aborted));
  outputs_.add(Close{flow});
  notify<FlowClosed>(flow, why, std::error_code{});
}

void Endpoint::Core::moved(const Flow& from, const Flow& to, std::string_view bytes) {
  const auto message = sip::Message::parse(std::string{bytes});
  if (!message || !message->is_request()) return;
  const auto via = message->view<sip::Via>();
  if (!via || !*via) return;
  const std::string_view branch = (*via)->branch().value_or("");
  const auto id = transactions_.find(transaction::client_key(branch, message->method()));
  if (id && transactions_.flow(*id)->id == from.id) transactions_.move(*id, to);
}

void Endpoint::Core::tick(Time now) {
  std::size_t left = timers_per_tick_max;
  while (left > 0 && transactions_.fire(now)) --left;
  std::optional<Connections::Expired> expired;
  while (left > 0 && connections_.fire(now, expired)) {
    --left;
    if (expired) close(expired->flow, expired->why);
    expired.reset();
  }
}

Time Endpoint::Core::next_deadline() const {
  return std::min(transactions_.next_deadline(), connections_.next_deadline());
}

std::optional<Output> Endpoint::Core::poll() { return outputs_.take(); }

void Endpoint::Core::respond(TransactionId id, const sip::Message& response, Time now) {
  const transaction::Machine* machine = transactions_.machine(id);
  ensure(!response.is_request());
  if (machine == nullptr || transaction::is_client(machine->kind())) return;
  if (machine->kind() == transaction::Kind::server_invite && response.status() >= 200 &&
      transactions_.needs_second_key(id)) {
    const auto to = response.view<sip::To>();
    if (to && *to && (*to)->tag()) transactions_.add_key(id, *(*to)->tag());
  }
  transactions_.on(id, transaction::answered_event(response.status()), now, response.write());
}

void Endpoint::Core::forget(TransactionId id) {
  using enum transaction::State;
  const transaction::Machine* machine = transactions_.machine(id);
  if (machine == nullptr || transaction::is_client(machine->kind())) return;
  if (machine->state() == trying || machine->state() == proceeding) transactions_.forget(id);
}

Result<void> Endpoint::Core::set_timers(TransactionId id, const transaction::Timers& timers,
                                        Time now) {
  if (transactions_.machine(id) == nullptr) return kith::refuse(Fault::missing, "transaction");
  if (const Result<void> good = check(timers); !good) return good;
  transactions_.set_timers(id, timers, now);
  return {};
}

std::optional<transaction::Timers> Endpoint::Core::timers(TransactionId id) const {
  const transaction::Timers* const timers = transactions_.timers(id);
  return timers == nullptr ? std::nullopt : std::optional{*timers};
}

TransactionId Endpoint::Core::fails_at_once(Ending why, std::error_code error) {
  const TransactionId id{std::uint64_t{++failed_at_once_} << 32U | no_slot};
  ended(id, why, error);
  return id;
}

TransactionId Endpoint::Core::request(const Flow& flow, sip::Message&& request, Time now,
                                      std::string_view branch_end) {
  ensure(request.is_request() && request.method() != "ACK");
  if (transactions_.clients() >= config_.limits.client_transactions_max)
    return fails_at_once(Ending::refused, {});
  const std::string branch = make_branch(config_.shard, random_, branch_end);
  std::string bytes = with_our_via(flow, request, branch);
  if (const std::error_code error = unreachable(flow, bytes.size()))
    return fails_at_once(Ending::transport_error, error);
  const bool invite = request.method() == "INVITE";
  if (invite && is_too_large(request, bytes.size()))
    return fails_at_once(Ending::refused, std::make_error_code(std::errc::message_size));
  return transactions_.begin(
      {.kind = invite ? transaction::Kind::client_invite : transaction::Kind::client_other,
       .key = transaction::client_key(branch, request.method()),
       .flow = flow,
       .bytes = std::move(bytes)},
      now);
}

std::string Endpoint::Core::with_our_via(const Flow& flow, sip::Message& request,
                                         std::string_view branch) {
  std::string via;
  via.reserve(96 + branch.size());
  Writer out(via);
  write_our_via(out, flow.transport, sender(flow), branch,
                config_.offers_alias ? Alias::offered : Alias::none);
  request.prepend("Via", via);
  if (!request.has<sip::MaxForwards>()) request.add(sip::MaxForwards{});
  return request.write();
}

std::optional<TransactionId> Endpoint::Core::cancel(TransactionId invite, Time now) {
  const transaction::Machine* machine = transactions_.machine(invite);
  if (machine == nullptr || machine->kind() != transaction::Kind::client_invite ||
      machine->state() != transaction::State::proceeding)
    return std::nullopt;
  // Parts of what was sent come from peers: that it can be read again is not for certain.
  const auto sent = sip::Message::parse(std::string{transactions_.bytes(invite)});
  if (!sent) return std::nullopt;
  const auto cancel = transaction::cancel_for(*sent);
  const auto via = sent->view<sip::Via>();
  if (!cancel || !via || !*via) return std::nullopt;
  transaction::Key key = transaction::client_key((*via)->branch().value_or(""), "CANCEL");
  if (transactions_.find(key)) return std::nullopt;
  if (transactions_.clients() >= config_.limits.client_transactions_max)
    return fails_at_once(Ending::refused, {});
  const Flow flow = *transactions_.flow(invite);
  return transactions_.begin({.kind = transaction::Kind::client_other,
                              .key = std::move(key),
                              .flow = flow,
                              .bytes = cancel->write()},
                             now);
}

void Endpoint::Core::send_stateless(const Flow& flow, sip::Message&& message,
                                    std::string_view unique) {
  if (!message.is_request()) return send(flow, message.write());
  const std::string branch =
      unique.empty() ? make_branch(config_.shard, random_) : make_branch(config_.shard, unique);
  send(flow, with_our_via(flow, message, branch));
}

void Endpoint::Core::ping(const Flow& flow) {
  if (is_stream(flow.transport)) {
    if (!connections_.has(flow)) return;
    connections_.expect_pong(flow);
  }
  outputs_.add(std::in_place_type<Send>, flow, "\r\n\r\n");
}

std::optional<transaction::State> Endpoint::Core::state(TransactionId id) const {
  const transaction::Machine* machine = transactions_.machine(id);
  return machine == nullptr ? std::nullopt : std::optional{machine->state()};
}

Counts Endpoint::Core::counts() const {
  return {.client_transactions = transactions_.clients(),
          .server_transactions = transactions_.servers(),
          .connections = connections_.size(),
          .outputs = outputs_.size()};
}

void Endpoint::Core::send(const Flow& flow, const std::string& bytes) {
  if (config_.inspector &&
      config_.inspector(Direction::out, flow, bytes).what != Verdict::What::pass)
    return;
  if (!unreachable(flow, bytes.size()))
    outputs_.add(std::in_place_type<Send>, flow, bytes);
  else if (config_.outlives_connections && is_stream(flow.transport))
    strand(flow, bytes);
}

// RFC 3261 §18.2.2: received, or else sent-by, says where a response without a connection goes.
void Endpoint::Core::strand(const Flow& flow, const std::string& bytes) {
  const Result<sip::Message> response = sip::Message::parse(bytes);
  if (!response || response->is_request()) return;
  const auto via = response->view<sip::Via>();
  if (!via || !*via) return;
  const std::uint16_t usual = flow.transport == Transport::tls ? 5061 : 5060;
  notify<ReplyStranded>(flow, std::string{(*via)->received().value_or((*via)->host)},
                        (*via)->port.value_or(usual), bytes);
}

void Endpoint::Core::ended(TransactionId id, Ending why, std::error_code error) {
  if (why != Ending::complete || config_.reports_complete) notify<Ended>(id, why, error);
}

std::error_code Endpoint::Core::unreachable(const Flow& flow, std::size_t size) const {
  if (is_stream(flow.transport))
    return connections_.has(flow) ? std::error_code{}
                                  : std::make_error_code(std::errc::not_connected);
  return size <= datagram_size_max ? std::error_code{}
                                   : std::make_error_code(std::errc::message_size);
}

const Sender& Endpoint::Core::sender(const Flow& flow) {
  const Sender& configured = senders_.at(static_cast<std::size_t>(flow.transport));
  if (!configured.text.empty()) return configured;
  if (flow.local != local_) {
    local_ = flow.local;
    local_sender_ = sender_of(local_);
  }
  return local_sender_;
}

}  // namespace kith::ua
