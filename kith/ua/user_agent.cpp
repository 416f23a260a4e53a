#include "kith/ua/user_agent.h"

#include <algorithm>
#include <utility>

#include "kith/base/ensure.h"
#include "kith/sip/header/call_id.h"
#include "kith/sip/header/cseq.h"
#include "kith/sip/header/expires.h"
#include "kith/sip/header/from.h"
#include "kith/sip/header/rack.h"
#include "kith/sip/header/require.h"
#include "kith/sip/header/route.h"
#include "kith/sip/header/rseq.h"
#include "kith/sip/header/to.h"
#include "kith/sip/method.h"
#include "kith/ua/message_parts.h"
#include "kith/ua/proxy_routing.h"
#include "kith/ua/settings.h"
#include "kith/ua/user_agent_core.h"

namespace kith::ua {

template class Layer<UserAgentCore, AgentOutput>;

UserAgent::UserAgent(UserAgentConfig config, Random& random)
    : Layer(std::make_unique<UserAgentCore>(std::move(config), random)) {}

void UserAgent::keep_alive(const Flow& flow, std::optional<Duration> most, Time now) {
  core_->keep_alive(flow, most, now);
}

TransactionId UserAgent::request(const Flow& flow, sip::Message request, Time now) {
  return core_->request(flow, std::move(request), now);
}
std::optional<sip::Message> UserAgent::draft(DialogId dialog, std::string_view method) const {
  return core_->draft(dialog, method);
}
Result<TransactionId> UserAgent::send(DialogId dialog, sip::Message request, Time now) {
  return core_->send(dialog, std::move(request), now);
}
Result<void> UserAgent::ack(DialogId dialog, Time now, std::string_view content_type,
                            std::string_view body) {
  return core_->ack(dialog, now, content_type, body);
}
Result<TransactionId> UserAgent::prack(DialogId dialog, const sip::Message& response, Time now,
                                       std::string_view content_type, std::string_view body) {
  return core_->prack(dialog, response, now, content_type, body);
}
std::optional<TransactionId> UserAgent::cancel(TransactionId invite, Time now) {
  return core_->cancel(invite, now);
}
Result<void> UserAgent::alert_if_calling(TransactionId invite, Duration after, Time now) {
  return core_->alert_if_calling(invite, after, now);
}
Result<void> UserAgent::alert_retransmissions(TransactionId invite) {
  return core_->alert_retransmissions(invite);
}
std::optional<DialogId> UserAgent::dialog_of(TransactionId transaction) const {
  return core_->dialog_of(transaction);
}
std::optional<transaction::State> UserAgent::state(TransactionId transaction) const {
  return core_->endpoint.state(transaction);
}
Result<void> UserAgent::respond(TransactionId transaction, sip::Message response, Time now) {
  return core_->respond(transaction, std::move(response), now);
}
Result<void> UserAgent::respond_reliably(TransactionId transaction, sip::Message response,
                                         Time now) {
  return core_->respond_reliably(transaction, std::move(response), now);
}
void UserAgent::forget(TransactionId transaction) { core_->forget(transaction); }
Result<void> UserAgent::set_timers(TransactionId transaction, const transaction::Timers& timers,
                                   Time now) {
  return core_->endpoint.set_timers(transaction, timers, now);
}
std::optional<transaction::Timers> UserAgent::timers(TransactionId transaction) const {
  return core_->endpoint.timers(transaction);
}
void UserAgent::forward(const Flow& flow, sip::Message message) {
  core_->endpoint.send(flow, std::move(message));
  core_->pump(Time{});
}
Result<void> UserAgent::begin_dialog(TransactionId transaction) {
  return core_->begin_dialog(transaction);
}
const dialog::Dialog* UserAgent::dialog(DialogId dialog) const {
  const Talk* const talk = std::as_const(core_->talks).find(dialog);
  return talk == nullptr ? nullptr : &talk->dialog;
}
std::optional<DialogId> UserAgent::find(const sip::Replaces& replaces) const {
  return core_->find(replaces);
}
std::optional<DialogId> UserAgent::find(const sip::Join& join) const {
  return core_->talks.find(join.call_id, join.local_tag(), join.remote_tag());
}
void UserAgent::keep_after_bye(DialogId dialog, bool keep) {
  if (Talk* const talk = core_->talks.find(dialog)) talk->survives_bye = keep;
}
std::optional<std::uint32_t> UserAgent::reserve_sequence(DialogId dialog) {
  Talk* const talk = core_->talks.find(dialog);
  if (talk == nullptr || talk->dialog.exhausted()) return std::nullopt;
  return talk->dialog.take_sequence();
}
std::optional<Flow> UserAgent::flow(DialogId dialog) const {
  const Talk* const talk = std::as_const(core_->talks).find(dialog);
  return talk == nullptr ? std::nullopt : std::optional{talk->flow};
}
void UserAgent::use(DialogId dialog, const Flow& flow) {
  if (Talk* const talk = core_->talks.find(dialog)) talk->flow = flow;
}
void UserAgent::drop(DialogId dialog) {
  if (core_->talks.find(dialog) != nullptr) core_->drop(dialog);
}
AgentCounts UserAgent::counts() const {
  return {.endpoint = core_->endpoint_counts(),
          .dialogs = core_->talks.size(),
          .requests = core_->requests()};
}

UserAgentCore::UserAgentCore(UserAgentConfig given, Random& random)
    : LayerCore(with_own(checked(given).endpoint, given.dialogs, *this), random),
      config(std::move(given)),
      talks(secret_),
      merged_(0, KeyedHash{secret_}),
      alerted_(0, KeyedHash{secret_}) {}

/// What the layer above asked of the endpoint, and what this one needs of it.
Config UserAgentCore::with_own(Config given, DialogPolicy dialogs, const UserAgentCore& own) {
  given.reports_complete = true;
  // RFC 3261 §16.3 is for who forwards: what came here with its last hop has arrived.
  given.answers_483 = given.answers_483 && dialogs == DialogPolicy::none;
  given.objection = [&own, theirs = std::move(given.objection)](
                        TransactionId id, const sip::Message& response) -> std::optional<Error> {
    if (auto error = own.objection(id, response)) return error;
    return theirs ? theirs(id, response) : std::nullopt;
  };
  return given;
}

void UserAgentCore::tick(Time now) {
  endpoint.tick(now);
  pump(now);
  std::size_t left = timers_per_tick_max;
  while (left-- > 0) {
    const std::optional<DialogId> id = talks.expired(now);
    if (!id) break;
    fire(*id, now);
    talks.arm(*id);
  }
  fire_alarms(now);
  ping_flows(now);
  while (!subscribing_.empty() && subscribing_.front().until <= now) subscribing_.pop_front();
  pump(now);
}

Time UserAgentCore::next_deadline() const {
  const Time subscribing = subscribing_.empty() ? never : subscribing_.front().until;
  const Time alarm = alarms_.empty() ? never : alarms_.begin()->at;
  Time next = std::min({endpoint.next_deadline(), talks.next_deadline(), subscribing, alarm});
  for (const Kept& each : kept_) next = std::min(next, each.keep_alive.next());
  return next;
}

bool UserAgentCore::makes_dialogs(std::string_view method) const {
  return method == sip::method::invite || method == sip::method::subscribe ||
         method == sip::method::refer ||
         std::ranges::find(config.dialog_methods, method) != config.dialog_methods.end();
}

TransactionId UserAgentCore::request(const Flow& flow, sip::Message request, Time now) {
  const std::string method{request.method()};
  // Who has given it a To tag has made it from a dialog of its own, whose routes are seen to.
  if (request.has<sip::Route>() && tag_of<sip::To>(request).empty())
    prepare_for_strict_router(request);
  if (config.session_timer && refreshes_session(method))
    dialog::ask_for_timer(request, *config.session_timer);
  Asked asked{.request = request};
  asked.makes_dialogs = config.dialogs == DialogPolicy::automatic && makes_dialogs(method);
  if (subscribes(method) && asked.makes_dialogs) {
    if (subscribing_.size() >= config.limits.subscribing_max) subscribing_.pop_front();
    subscribing_.push_back({subscribing_key(request), request, flow, now + patience()});
  }
  if (method == sip::method::invite)
    if (const auto expires = request.view<sip::Expires>(); expires && *expires)
      asked.expires_at = now + std::chrono::seconds((*expires)->seconds);
  const TransactionId id = endpoint.request(flow, std::move(request), now);
  if (asked.expires_at != never)
    alarms_.insert({asked.expires_at, id, Alarm::What::invite_expired});
  asked_.emplace(id, std::move(asked));
  pump(now);
  return id;
}

std::optional<sip::Message> UserAgentCore::draft(DialogId id, std::string_view method) const {
  const Talk* const talk = talks.find(id);
  return talk == nullptr ? std::nullopt : std::optional{talk->dialog.outline(method)};
}

Result<TransactionId> UserAgentCore::send(DialogId id, sip::Message request, Time now) {
  Talk* const talk = talks.find(id);
  if (talk == nullptr) return refuse(Fault::missing, "dialog");
  if (const auto error = fault_inside(*talk, request)) return std::unexpected(*error);
  if (subscribes(request.method()) &&
      !talk->has_room(event_of(request), dialog::Side::ours, config.limits))
    return refuse(Fault::too_many, "subscriptions");
  const bool invite = request.method() == sip::method::invite;
  request.set(sip::CSeq{talk->dialog.take_sequence(), std::string{request.method()}});
  if (config.session_timer && refreshes_session(request.method()))
    dialog::ask_for_timer(request, *config.session_timer);
  if (request.method() == sip::method::bye) talk->hangs_up();
  const Flow flow = talk->flow;
  Asked asked{.request = request, .within = id};
  const TransactionId transaction = endpoint.request(flow, std::move(request), now);
  if (invite) talk->our_invite = transaction;
  if (subscribes(asked.request.method()))
    talk->subscribing.push_back({transaction, event_of(asked.request)});
  asked_.emplace(transaction, std::move(asked));
  pump(now);
  return transaction;
}

/// Why a request cannot be sent in this dialog.
std::optional<Error> UserAgentCore::fault_inside(const Talk& talk,
                                                 const sip::Message& request) const {
  const std::string_view method = request.method();
  if (!request.is_request() || method == sip::method::ack || method == sip::method::cancel)
    return Error{Fault::unsupported, "method"};
  if (talk.is_over_for(method)) return Error{Fault::forbidden, "dialog"};
  if (talk.dialog.exhausted()) return Error{Fault::too_many, "CSeq"};
  // RFC 3261 §15: whoever was called refuses what it has not accepted.
  const bool early_callee =
      talk.dialog.state() == dialog::State::early && talk.dialog.role() == dialog::Role::callee;
  if (method == sip::method::bye && early_callee) return Error{Fault::forbidden, "BYE"};
  if (method == sip::method::invite && invite_pending(talk))
    return Error{Fault::duplicate, "INVITE"};
  if (!may_carry(talk.flow, request.request_uri())) return Error{Fault::forbidden, "transport"};
  return std::nullopt;
}

Result<void> UserAgentCore::ack(DialogId id, Time now, std::string_view content_type,
                                std::string_view body) {
  Talk* const talk = talks.find(id);
  if (talk == nullptr || !talk->answered) return refuse(Fault::missing, "dialog");
  if (!talk->owes_ack()) return refuse(Fault::duplicate, "ACK");
  sip::Message ack = talk->dialog.ack(talk->answered->sequence);
  if (!may_carry(talk->flow, ack.request_uri())) return refuse(Fault::forbidden, "transport");
  for (const auto& [name, value] : talk->answered->credentials) ack.add(name, value);
  if (!body.empty()) ack.set_body(content_type, body);
  endpoint.send(talk->flow, ack);
  talk->answered->acknowledged = true;
  was_acknowledged(talk->answered->invite, id, std::move(ack));
  talks.arm(id);
  pump(now);
  return {};
}

Result<TransactionId> UserAgentCore::prack(DialogId id, const sip::Message& response, Time now,
                                           std::string_view content_type, std::string_view body) {
  Talk* const talk = talks.find(id);
  if (talk == nullptr) return refuse(Fault::missing, "dialog");
  const Result<sip::RSeq> number = response.require<sip::RSeq>();
  if (!number) return std::unexpected(number.error());
  if (!sip::lists<sip::Require>(response, "100rel")) return refuse(Fault::missing, "Require");
  const Result<sip::CSeq> cseq = response.require<sip::CSeq>();
  if (!cseq) return std::unexpected(cseq.error());
  // RFC 3262 §4: in order; the first to an INVITE may have any number.
  ReliableOfPeer reliable = talk->reliable_of_peer;
  if (reliable.sequence != cseq->sequence) reliable = {.sequence = cseq->sequence};
  if (reliable.acknowledged != 0 && number->response_number != reliable.acknowledged + 1)
    return refuse(Fault::missing, "RSeq");
  reliable.acknowledged = number->response_number;
  sip::Message request = talk->dialog.outline(sip::method::prack);
  request.add(sip::RAck{number->response_number, cseq->sequence, cseq->method});
  if (!body.empty()) request.set_body(content_type, body);
  const Result<TransactionId> sent = send(id, std::move(request), now);
  if (Talk* const still = talks.find(id); sent && still != nullptr)
    still->reliable_of_peer = reliable;
  return sent;
}

std::optional<TransactionId> UserAgentCore::cancel(TransactionId invite, Time now) {
  const auto asked = asked_.find(invite);
  if (asked == asked_.end()) return std::nullopt;
  const std::optional<TransactionId> id = endpoint.cancel(invite, now);
  if (!id) return std::nullopt;
  // Of a CANCEL no more is remembered than what its response must repeat.
  sip::Message request =
      sip::Message::request(sip::method::cancel, asked->second.request.request_uri());
  request.add("From", asked->second.request.text("From"));
  request.add("Call-ID", asked->second.request.text("Call-ID"));
  asked_.emplace(*id, Asked{.request = std::move(request)});
  pump(now);
  return id;
}

Result<void> UserAgentCore::begin_dialog(TransactionId id) {
  const auto begin = [this](auto& record, bool begun) -> Result<void> {
    if (!makes_dialogs(record.request.method())) return refuse(Fault::unsupported, "method");
    if (begun || record.within) return refuse(Fault::duplicate, "dialog");
    record.makes_dialogs = true;
    return {};
  };
  if (const auto asked = asked_.find(id); asked != asked_.end())
    return begin(asked->second, asked->second.tagged);
  if (const auto served = served_.find(id); served != served_.end())
    return begin(served->second, !served->second.tag.empty());
  return refuse(Fault::missing, "transaction");
}

void UserAgentCore::fire(DialogId id, Time now) {
  using Due = dialog::Repetition::Due;
  Talk& talk = *talks.find(id);
  if (talk.reliable) {
    const Due due = talk.reliable->repetition.due(now);
    if (due == Due::again) endpoint.respond(talk.reliable->invite, talk.reliable->response, now);
    if (due == Due::over) notify(NotAcknowledged{std::exchange(talk.reliable, {})->invite, id});
  }
  if (talk.unacknowledged) {
    const Due due = talk.unacknowledged->repetition.due(now);
    if (due == Due::again)
      endpoint.respond(talk.unacknowledged->invite, talk.unacknowledged->response, now);
    if (due == Due::over) {
      hang_up(id, now);  // RFC 3261 §13.3.1.4
      return end(id, DialogEnding::ack_never_came);
    }
  }
  if (talk.owes_ack() && talk.answered->acknowledge_by <= now)
    return end(id, DialogEnding::ack_never_sent);
  if (talk.early_until <= now) return end(id, DialogEnding::early_timeout);
  if (talk.bye_until <= now) {
    talk.hangs_up();
    return end_session(id);
  }
  if (talk.session_timer.over_at() <= now) {
    hang_up(id, now);
    return end(id, DialogEnding::session_expired);
  }
  if (talk.session_timer.refresh_at() <= now) {
    talk.session_timer.refreshing();
    notify(RefreshDue{id});
  }
  std::erase_if(talk.subscriptions,
                [now](const SubscriptionUsage& each) { return each.until <= now; });
  end_if_unused(id, DialogEnding::subscription_ended);
}

void UserAgentCore::hang_up(DialogId id, Time now) {
  Talk& talk = *talks.find(id);
  if (talk.dialog.exhausted()) return;
  endpoint.request(talk.flow, talk.dialog.request(sip::method::bye), now);
}

/// RFC 5057 §4.1: the call is over; subscriptions may keep the dialog.
void UserAgentCore::end_session(DialogId id) {
  Talk& talk = *talks.find(id);
  talk.session = false;
  talk.bye_until = never;
  talk.session_timer = {};
  talks.arm(id);
  end_if_unused(id, DialogEnding::bye);
}

bool UserAgentCore::end_if_unused(DialogId id, DialogEnding why) {
  const Talk& talk = *talks.find(id);
  if (talk.in_use() || talk.dialog.state() == dialog::State::early) return true;
  end(id, why);
  return false;
}

void UserAgentCore::end(DialogId id, DialogEnding why) {
  Talk talk = talks.take(id);
  const bool shut_down = why == DialogEnding::bye || why == DialogEnding::refused;
  if (talk.replaced && shut_down) why = DialogEnding::replaced;
  talk.dialog.set_state(dialog::State::terminated);
  notify(DialogEnded{id, why, std::move(talk.dialog)});
}

void UserAgentCore::end_early(const std::vector<DialogId>& dialogs, DialogEnding why) {
  for (const DialogId id : dialogs)
    if (const Talk* const talk = talks.find(id);
        talk != nullptr && talk->dialog.state() == dialog::State::early)
      end(id, why);
}

}  // namespace kith::ua
