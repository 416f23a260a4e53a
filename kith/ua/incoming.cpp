// What an endpoint does with what comes in.

#include <optional>
#include <utility>

#include "kith/sip/header/max_forwards.h"
#include "kith/sip/header/to.h"
#include "kith/sip/header/via.h"
#include "kith/transaction/derived.h"
#include "kith/ua/core.h"
#include "kith/ua/refusal.h"
#include "kith/ua/via.h"

namespace kith::ua {
namespace {

// A request gets its top Via once more, with where it came from.
constexpr std::size_t room_for_via = 192;

std::string with_room(std::string_view bytes) {
  std::string copy;
  copy.reserve(bytes.size() + (bytes.starts_with("SIP/") ? 0 : room_for_via));
  copy.append(bytes);
  return copy;
}

}  // namespace

using transaction::Event;
using transaction::Key;
using transaction::Kind;
using transaction::Machine;
using transaction::State;

void Endpoint::Core::receive(const Flow& flow, std::string_view bytes, Time now) {
  if (!is_stream(flow.transport)) {
    // SIP-TRAN-12: a datagram of line ends only keeps a NAT binding open.
    if (bytes.find_first_not_of("\r\n") != std::string_view::npos) message(flow, bytes, now);
    return;
  }
  if (!connections_.has(flow)) return;
  connections_.receive(flow, bytes, now, [&](Result<sip::Frame> frame) {
    if (!frame) {
      drop(flow, frame.error());
      close(flow, Closing::malformed);
    } else if (frame->kind == sip::Frame::Kind::message) {
      message(flow, frame->bytes, now);
    } else if (frame->kind == sip::Frame::Kind::pong) {
      notify<PongReceived>(flow);
    } else if (config_.answers_pings) {
      outputs_.add(std::in_place_type<Send>, flow, "\r\n");
    }
  });
}

void Endpoint::Core::message(const Flow& flow, std::string_view bytes, Time now) {
  if (config_.inspector && !inspected(flow, bytes)) return;
  Result<sip::Message> parsed = sip::Message::parse(with_room(bytes));
  if (!parsed)
    unreadable(flow, bytes, parsed.error());
  else if (parsed->is_request())
    request_came(flow, std::move(*parsed), now);
  else
    response_came(flow, std::move(*parsed), now);
}

// Whether the inspector lets it pass. Its answer to a request is sent without a transaction.
bool Endpoint::Core::inspected(const Flow& flow, std::string_view bytes) {
  const Verdict verdict = config_.inspector(Direction::in, flow, bytes);
  if (verdict.what != Verdict::What::answer) return verdict.what == Verdict::What::pass;
  Result<sip::Message> request = sip::Message::parse(std::string{bytes});
  if (!request || !request->is_request() || request->method() == "ACK") return false;
  answer_faulty(flow, *request, verdict.status, {Fault::unsupported, "inspector"});
  return false;
}

// Not even its lines can be told apart: it is answered as far as it can be, without a transaction.
void Endpoint::Core::unreadable(const Flow& flow, std::string_view bytes, const Error& error) {
  std::optional<sip::Message> rest = salvage(bytes);
  if (!rest || rest->method() == "ACK") return drop(flow, error);
  answer_faulty(flow, *rest, sip::status_of(error), error);
}

// Without a transaction, and as far as its headers can be read.
void Endpoint::Core::answer_faulty(const Flow& flow, sip::Message& request, int status,
                                   const Error& error) {
  Flow reply = flow;
  if (const auto via = request.view<sip::Via>(); via && *via) {
    reply = reply_flow(**via, flow);
    mark_source(request, **via, flow);
  }
  refuse(reply, request, {flow, status, error});
}

void Endpoint::Core::request_came(const Flow& flow, sip::Message&& request, Time now) {
  sip::MandatoryHeaders headers;
  const std::optional<Error> error = sip::first_fault(request, headers);
  if (error && request.method() == "ACK") return drop(flow, *error);
  if (error) return answer_faulty(flow, request, sip::status_of(*error), *error);
  Key key = transaction::server_key(request, headers, flow, secret_);
  if (request.method() == "ACK") return ack_came(flow, std::move(request), headers.via, key, now);
  if (const auto known = transactions_.find(key)) {
    transactions_.on(*known, Event::request, now);  // a retransmission: answered from memory
    return;
  }
  const Flow reply = reply_flow(headers.via, flow);
  std::optional<TransactionId> cancelled;
  if (request.method() == "CANCEL")
    cancelled = transactions_.find(transaction::cancelled_key(request, headers, flow, secret_));
  mark_source(request, headers.via, flow);
  if (refused_at_the_door(flow, reply, request)) return;
  const bool invite = request.method() == "INVITE";
  std::string trying;
  if (invite && config_.answers_100) trying = sip::Message::response(request, 100).write();
  const TransactionId id =
      transactions_.begin({.kind = invite ? Kind::server_invite : Kind::server_other,
                           .key = std::move(key),
                           .flow = reply,
                           .bytes = std::move(trying)},
                          now);
  if (request.method() == "CANCEL" && (cancelled || !config_.passes_strays))
    return cancel_came(request, id, cancelled, now);
  notify<RequestReceived>(id, flow, std::move(request));
}

// What no layer above needs to see, and what it must be spared.
bool Endpoint::Core::refused_at_the_door(const Flow& flow, const Flow& reply,
                                         const sip::Message& request) {
  const auto refuse_with = [&](int status, const Error& error) {
    refuse(reply, request, {flow, status, error});
    return true;
  };
  const bool local = request.method() == "OPTIONS" || request.method() == "CANCEL";
  const auto hops = request.view<sip::MaxForwards>();
  if (config_.answers_483 && !local && hops && *hops && (*hops)->hops == 0)
    return refuse_with(483, {Fault::too_many, "Max-Forwards"});
  if (transactions_.servers() >= config_.limits.server_transactions_max) {
    const Error error{Fault::too_many, "transactions"};
    if (config_.answers_503) return refuse_with(503, error);
    drop(flow, error);
    return true;
  }
  return false;
}

void Endpoint::Core::ack_came(const Flow& flow, sip::Message&& ack, const sip::ViaView& via,
                              const Key& key, Time now) {
  const auto invite = transactions_.find(key);
  if (invite && !transactions_.on(*invite, Event::ack, now)) return;
  mark_source(ack, via, flow);
  notify<AckReceived>(flow, std::move(ack));
}

// RFC 3261 §9.2: 200 where there is an INVITE, whatever became of it; 481 where there is none.
void Endpoint::Core::cancel_came(const sip::Message& cancel, TransactionId id,
                                 std::optional<TransactionId> invite, Time now) {
  sip::Message response = sip::Message::response(cancel, invite ? 200 : 481);
  if (invite) {
    // The To tag is the one that the INVITE was answered with, where it had an answer with a tag.
    const auto answer = sip::Message::parse(std::string{transactions_.bytes(*invite)});
    const auto cancel_to = response.view<sip::To>();
    if (answer && cancel_to && *cancel_to && !(*cancel_to)->tag()) {
      const auto to = answer->view<sip::To>();
      if (to && *to && (*to)->tag()) response.set_to_tag(std::string{*(*to)->tag()});
    }
  }
  complete_to_tag(response, secret_);
  response.set_body({}, {});
  transactions_.on(id, transaction::answered_event(response.status()), now, response.write());
  const Machine* machine = invite ? transactions_.machine(*invite) : nullptr;
  if (machine != nullptr && machine->state() == State::proceeding) notify<CancelReceived>(*invite);
}

void Endpoint::Core::response_came(const Flow& flow, sip::Message&& response, Time now) {
  sip::MandatoryHeaders headers;
  if (const auto error = sip::first_fault(response, headers)) return drop(flow, *error);
  const std::string_view branch = headers.via.branch().value_or("");
  const auto id = transactions_.find(transaction::client_key(branch, headers.cseq.method));
  if (!id) {
    const std::optional<std::uint8_t> shard = shard_of_branch(branch);
    const std::uint8_t owner = shard.value_or(config_.shard);
    if (owner != config_.shard || config_.passes_strays)
      return notify<ResponseElsewhere>(owner, flow, std::move(response));
    // RFC 6026 §8.3: it belongs to nothing that waits for it.
    return drop(flow, {Fault::missing, "transaction"});
  }
  if (!sender(flow).wrote(headers.via, flow.transport) && !is_ours(headers.via, *id))
    return drop(flow, {Fault::malformed, "Via"});
  if (config_.objection)
    if (const auto error = config_.objection(*id, response)) return drop(flow, *error);
  const Event event = transaction::received_event(response.status());
  std::optional<std::string> ack;
  if (event == Event::failure) ack = ack_bytes(*id, response);
  // A transaction that it ends, as on a stream, is told of afterwards.
  const std::size_t before = outputs_.size();
  if (transactions_.on(*id, event, now, std::move(ack)))
    outputs_.insert(before, std::in_place_type<Notice>, std::in_place_type<ResponseReceived>, *id,
                    flow, std::move(response));
}

// RFC 3261 §18.1.2: a response may come by another way than its request went.
bool Endpoint::Core::is_ours(const sip::ViaView& via, TransactionId id) {
  const Flow& flow = *transactions_.flow(id);
  return sender(flow).wrote(via, flow.transport);
}

// The first 300 to 699 to an INVITE makes the ACK, which is then sent again for each repeated one.
// Empty where none can be made: it takes the place of the INVITE all the same, RFC 3261 §17.1.1.3.
std::optional<std::string> Endpoint::Core::ack_bytes(TransactionId id,
                                                     const sip::Message& response) const {
  const Machine* machine = transactions_.machine(id);
  if (machine->kind() != Kind::client_invite ||
      (machine->state() != State::calling && machine->state() != State::proceeding))
    return std::nullopt;
  const auto invite = sip::Message::parse(std::string{transactions_.bytes(id)});
  if (!invite) return std::string{};
  const auto ack = transaction::ack_for(*invite, response);
  return ack ? ack->write() : std::string{};
}

void Endpoint::Core::refuse(const Flow& reply, const sip::Message& request,
                            const Refused& refused) {
  const std::string reason = refused.status == 400 ? reason_for(refused.error) : std::string{};
  send(reply, refusal(request, refused.status, reason, secret_).write());
  notify<Refused>(refused);
}

void Endpoint::Core::drop(const Flow& flow, const Error& error) { notify<Refused>(flow, 0, error); }

}  // namespace kith::ua
