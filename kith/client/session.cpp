#include "kith/client/session.h"

#include <algorithm>
#include <utility>

#include "kith/base/ensure.h"
#include "kith/base/overloaded.h"
#include "kith/client/explain.h"
#include "kith/client/limits.h"
#include "kith/event/package/roaming_contacts.h"
#include "kith/sip/header/cseq.h"
#include "kith/soap/envelope.h"

namespace kith::client {

namespace {

ua::Config endpoint_config() {
  ua::Config config;
  // A pong that nobody expects would look like half a ping of the server, which sends none.
  config.answers_pings = false;
  config.connection_timer.reset();  // a server's: the client keeps its own connection
  config.idle_timer.reset();
  return config;
}

}  // namespace

std::expected<auth::Initiated, auth::InitiateFailure> Session::Ticket::initiate(std::string_view) {
  if (!result_) return std::unexpected(auth::InitiateFailure{});
  auto result = *std::move(result_);
  result_.reset();
  return result;
}

Session::Session(Settings settings, Random& random)
    : settings_(std::move(settings)),
      random_(random),
      device_{.user = settings_.user, .epid = settings_.epid},
      endpoint_(endpoint_config(), random),
      ntlm_({.username = settings_.login.username, .password = settings_.login.password}, random),
      authenticator_({.username = settings_.login.with_digest() ? settings_.login.username : "",
                      .password = settings_.login.password,
                      .kerberos = settings_.login.kerberos ? &ticket_ : nullptr,
                      .ntlm = settings_.login.with_ntlm() ? &ntlm_ : nullptr}),
      registration_(device_, random) {}

void Session::start(const Flow& flow, Time now) {
  if (state_ != State::idle) return;
  flow_ = flow;
  state_ = State::signing_in;
  if (is_stream(flow_.transport)) endpoint_.opened(flow_, now);
  register_now(now);
  drain(now);
}

void Session::receive(std::string_view bytes, Time now) {
  if (state_ == State::idle || state_ == State::ended) return;
  if (!is_stream(flow_.transport)) {
    traced_ = bytes;
    endpoint_.receive(flow_, bytes, now);
    drain(now);
    return;
  }
  // Cut here already, so that each message is traced and has its effect before the next is looked
  // at.
  framer_.push(bytes);
  while (state_ != State::ended) {
    std::optional<Result<sip::Frame>> frame = framer_.next();
    if (!frame) break;
    if (!*frame) {
      fail(Failed::Cause::network,
           "what the server sent is no SIP: " + std::string((*frame).error().where) + " " +
               std::string(to_string((*frame).error().fault)));
      break;
    }
    if ((*frame)->kind != sip::Frame::Kind::message) continue;
    traced_ = (*frame)->bytes;
    endpoint_.receive(flow_, (*frame)->bytes, now);
    drain(now);
  }
}

void Session::closed(std::error_code why, Time now) {
  if (state_ == State::idle || state_ == State::ended) return;
  if (state_ == State::signing_out) return finish();
  endpoint_.closed(flow_, why, now);
  fail(Failed::Cause::network, why ? "the connection to the server was lost: " + why.message()
                                   : std::string("the server closed the connection"));
}

void Session::initiated(std::expected<auth::Initiated, auth::InitiateFailure> result, Time now) {
  if (!challenged_ || state_ == State::ended) return;
  if (result && result->expires != never &&
      result->expires - now <= auth::ClientAssociation::buffer) {
    fail(Failed::Cause::refused,
         "the Kerberos ticket ends in less than 5 minutes; get a new one with kinit");
    return;
  }
  ticket_.put(std::move(result));
  const Challenged waiting = *std::exchange(challenged_, std::nullopt);
  answer_challenge(waiting.flight, waiting.response, now);
  drain(now);
}

void Session::watch_contacts(Time now) {
  wants_list_ = true;
  proceed(now);
  drain(now);
}

OperationId Session::submit(Operation operation, Time now) {
  const OperationId id{++last_operation_};
  wants_list_ = true;
  if (operations_.size() >= operations_max) {
    emit(OperationFailed{.id = id, .status = 0, .reason = "too many operations are waiting"});
    return id;
  }
  operations_.push_back({.id = id, .operation = std::move(operation)});
  proceed(now);
  drain(now);
  return id;
}

void Session::sign_out(Time now) {
  if (state_ == State::idle || state_ == State::ended || state_ == State::signing_out) return;
  const bool was_in = state_ == State::signed_in;
  state_ = State::signing_out;
  if (!was_in) return finish();
  leave_by_ = now + sign_out_patience;
  if (subscriber_ && subscriber_->active()) {
    sip::Message message = subscriber_->unsubscribe();
    message.add("Contact", device_.contact(flow_));
    send(Purpose::unsubscription, std::move(message), now);
  } else {
    leave(now);
  }
  drain(now);
}

void Session::leave(Time now) { send(Purpose::removal, registration_.removal(flow_), now); }

void Session::tick(Time now) {
  if (state_ == State::idle || state_ == State::ended) return;
  endpoint_.tick(now);
  drain(now);
  std::vector<ua::TransactionId> late;
  for (const auto& [id, flight] : flights_)
    if (flight.deadline <= now) late.push_back(id);
  for (const ua::TransactionId id : late)
    if (const std::optional<Flight> flight = landed(id))
      unanswered(*flight, "no acceptable answer came within 32 seconds", now);
  if (state_ == State::signing_out && leave_by_ <= now) finish();
  if (state_ == State::signed_in) {
    if (reregister_at() <= now) register_now(now);
    if (subscriber_ && subscriber_->refresh_at() <= now) subscribe_now(now);
    if (list_by_ <= now) read_again(now);
    if (keep_alive_at() <= now) {
      outputs_.emplace_back(ua::Send{.flow = flow_, .bytes = "\r\n\r\n"});
      last_sent_ = now;
    }
  }
  drain(now);
}

Time Session::next_deadline() const {
  if (state_ == State::idle || state_ == State::ended) return never;
  Time next = std::min(endpoint_.next_deadline(), leave_by_);
  for (const auto& [id, flight] : flights_) next = std::min(next, flight.deadline);
  if (state_ != State::signed_in) return next;
  next = std::min({next, reregister_at(), list_by_, keep_alive_at()});
  if (subscriber_ && !in_flight(Purpose::subscription))
    next = std::min(next, subscriber_->refresh_at());
  return next;
}

std::optional<Output> Session::poll() {
  if (outputs_.empty()) return std::nullopt;
  Output output = std::move(outputs_.front());
  outputs_.pop_front();
  return output;
}

/// SIP-AUTH-46: also when the association ends before the registration does.
Time Session::reregister_at() const {
  if (in_flight(Purpose::registration) || challenged_) return never;
  return std::min(registration_.refresh_at(), authenticator_.expires());
}

Time Session::keep_alive_at() const {
  const std::optional<Duration> every = registration_.granted().keep_alive;
  return every && is_stream(flow_.transport) ? last_sent_ + *every : never;
}

bool Session::in_flight(Purpose purpose) const {
  return std::ranges::any_of(flights_,
                             [&](const auto& each) { return each.second.purpose == purpose; });
}

std::optional<Session::Flight> Session::landed(ua::TransactionId transaction) {
  auto flight = flights_.extract(transaction);
  return flight.empty() ? std::nullopt : std::optional(std::move(flight.mapped()));
}

/// Does what the endpoint asks, until it is silent.
void Session::drain(Time now) {
  while (std::optional<ua::Output> output = endpoint_.poll()) {
    std::visit(Overloaded{
                   [&](ua::Send& send) {
                     last_sent_ = now;
                     trace_sent(send.bytes);
                     outputs_.emplace_back(std::move(send));
                   },
                   [&](ua::Close& close) { outputs_.emplace_back(close); },
                   [&](ua::Notice& notice) {
                     if (auto* response = std::get_if<ua::ResponseReceived>(&notice))
                       response_came(response->transaction, response->response, now);
                     else if (auto* request = std::get_if<ua::RequestReceived>(&notice))
                       request_came(*request, now);
                     else if (auto* ended = std::get_if<ua::Ended>(&notice))
                       if (const std::optional<Flight> flight = landed(ended->transaction))
                         unanswered(*flight, "the server does not answer", now);
                   },
               },
               *output);
  }
  trace_received(nullptr, "a repetition, or nothing that can be read");
}

/// What is next to do for somebody who is signed in.
void Session::proceed(Time now) {
  if (state_ != State::signed_in || in_flight(Purpose::registration) || challenged_) return;
  if (wants_list_ && !(subscriber_ && subscriber_->active())) return subscribe_now(now);
  if (operations_.empty() || in_flight(Purpose::operation) || !list_ || reading_) return;
  if (awaited_ && list_->version() < *awaited_) return;
  awaited_.reset();
  send_operation(now);
}

/// SIP-AUTH-20: signed last, when everything else is in the message.
void Session::send(Purpose purpose, sip::Message message, Time now) {
  message.set("User-Agent", settings_.user_agent);
  authenticator_.authorize(message, now, random_);
  const ua::TransactionId id = endpoint_.request(flow_, message, now);
  flights_.insert_or_assign(
      id,
      Flight{.purpose = purpose, .request = std::move(message), .deadline = now + answer_patience});
}

void Session::register_now(Time now) {
  if (in_flight(Purpose::registration)) return;
  send(Purpose::registration, registration_.request(flow_), now);
}

void Session::subscribe_now(Time now) {
  if (in_flight(Purpose::subscription)) return;
  if (!subscriber_) {
    subscriber_.emplace(event::Wish{.package = event::roaming_contacts,
                                    .resource = device_.uri(),
                                    .from = device_.from(random_.hex(5)),
                                    .call_id = random_.hex(16)});
  }
  if (!list_ || reading_) list_by_ = now + list_patience;
  sip::Message message = subscriber_->subscribe();
  message.add("Contact", device_.contact(flow_));
  send(Purpose::subscription, std::move(message), now);
}

/// SIP-CONT-10: out of step, so the list is subscribed to again. Where the notifier does not send
/// it for a refresh, a new subscription must bring it.
void Session::read_again(Time now) {
  if (++readings_ > readings_max) {
    fail(Failed::Cause::network, "the server does not send the contact list");
    return;
  }
  if (reading_ && subscriber_ && !in_flight(Purpose::subscription)) subscriber_->forget();
  reading_ = true;
  awaited_.reset();
  list_by_ = now + list_patience;
  subscribe_now(now);
}

/// SIP-CONT-11: outside every dialog, the user's own URI in Request-URI, To and From.
void Session::send_operation(Time now) {
  Waiting& next = operations_.front();
  const std::expected<Step, Settled> step = prepare(next.operation, *list_, next.attempt);
  if (!step) {
    const Settled& settled = step.error();
    if (settled.as_wished)
      settle(OperationDone{.id = next.id, .group = settled.group, .already = settled.reason}, 0,
             {});
    else
      settle(std::nullopt, 0, settled.reason);
    return proceed(now);
  }
  // A step counts as progress if fewer are left than after the one before it.
  if (step->left < next.left) next.attempts = 0;
  if (++next.attempts > attempts_max) {
    settle(std::nullopt, 409,
           "the list does not become as wished: other devices, or the server, change it back all "
           "the time; try again later");
    return proceed(now);
  }
  if (next.attempt == Attempt::repeated && next.call_id.empty())
    emit(Repeated{.id = next.id, .operation = next.operation, .version = list_->version()});
  next.sent_for = list_->version();
  next.left = step->left;
  // A request that was challenged goes out with its Call-ID and the next CSeq: RFC 3261 §8.1.3.5
  if (next.call_id.empty()) next.call_id = random_.hex(16);
  sip::Message message = sip::Message::request("SERVICE", device_.uri());
  message.add("From", device_.from(random_.hex(5)));
  message.add("To", "<" + device_.uri() + ">");
  message.add("Call-ID", next.call_id);
  message.add(sip::CSeq{++next.sequence, "SERVICE"});
  message.add("Max-Forwards", "70");
  message.add("Contact", device_.contact(flow_));
  message.set_body(soap::content_type, step->body);
  send(Purpose::operation, std::move(message), now);
}

/// The first operation has come to its end.
void Session::settle(std::optional<OperationDone> done, int status, std::string reason) {
  ensure(!operations_.empty());
  const OperationId id = operations_.front().id;
  operations_.pop_front();
  if (done)
    emit(*std::move(done));
  else
    emit(OperationFailed{.id = id, .status = status, .reason = std::move(reason)});
}

void Session::finish() {
  state_ = State::ended;
  flights_.clear();
  outputs_.emplace_back(ua::Close{flow_});
  emit(SignedOut{});
}

void Session::fail(Failed::Cause cause, std::string sentence, std::vector<std::string> offered) {
  if (state_ == State::ended) return;
  state_ = State::ended;
  flights_.clear();
  outputs_.emplace_back(ua::Close{flow_});
  emit(Failed{.cause = cause, .sentence = std::move(sentence), .offered = std::move(offered)});
}

void Session::trace_sent(const std::string& bytes) {
  if (!settings_.trace) return;
  const Result<sip::Message> message = sip::Message::parse(bytes);
  emit(Trace{.direction = Trace::Direction::sent,
             .bytes = bytes,
             .note = message ? explain(*message, version_) : std::string{}});
}

void Session::trace_received(const sip::Message* message, std::string_view verdict) {
  if (traced_.empty()) return;
  std::string bytes = std::exchange(traced_, {});
  if (!settings_.trace) return;
  std::string note = message != nullptr ? explain(*message, version_) : std::string{};
  if (!note.empty() && !verdict.empty()) note += '\n';
  note += verdict;
  emit(Trace{.direction = Trace::Direction::received, .bytes = std::move(bytes), .note = note});
}

}  // namespace kith::client
