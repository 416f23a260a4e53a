// What a user agent does with responses that its endpoint passes up, and when transactions end.

#include <algorithm>
#include <utility>

#include "kith/sip/header/expires.h"
#include "kith/sip/header/from.h"
#include "kith/sip/header/require.h"
#include "kith/sip/header/rseq.h"
#include "kith/sip/header/subscription_state.h"
#include "kith/sip/header/to.h"
#include "kith/sip/header/via.h"
#include "kith/sip/method.h"
#include "kith/ua/message_parts.h"
#include "kith/ua/user_agent_core.h"

namespace kith::ua {
namespace {

/// RFC 3261 §22.1: what the ACK for a 2xx repeats of its INVITE.
std::vector<std::pair<std::string, std::string>> credentials_of(const sip::Message& invite) {
  std::vector<std::pair<std::string, std::string>> lines;
  for (const std::string_view name : {"Authorization", "Proxy-Authorization"})
    for (const std::string_view value : invite.texts(name)) lines.emplace_back(name, value);
  return lines;
}

/// Whether one may be the other once more; another REFER has another number.
bool asks_for_the_same(const sip::Message& one, const sip::Message& other) {
  if (one.method() == sip::method::refer) return other.method() == sip::method::refer;
  return event_of(one) == event_of(other);
}

/// After its end, a subscription is kept for the NOTIFY that says so.
constexpr Duration subscription_grace = 32s;

}  // namespace

const Accepted* Asked::accepted_before(const sip::Message& response) const {
  const std::string_view tag = tag_of<sip::To>(response);
  for (const Accepted& each : accepted)
    if (within || each.tag == tag) return &each;
  return nullptr;
}

/// RFC 3261 §8.1.3: a response repeats Call-ID and From of its request. One that only knows the
/// branch is of somebody else, and must not end the transaction: RFC 3261 §17.1.3.
std::optional<Error> UserAgentCore::objection(TransactionId id,
                                              const sip::Message& response) const {
  const auto asked = asked_.find(id);
  if (asked == asked_.end()) return std::nullopt;  // a BYE that was sent from here
  const sip::Message& request = asked->second.request;
  if (call_id_of(response) != call_id_of(request)) return Error{Fault::malformed, "Call-ID"};
  if (tag_of<sip::From>(response) != tag_of<sip::From>(request))
    return Error{Fault::malformed, "From"};
  // RFC 3261 §8.1.3.3: it went astray, unless the request was another's that is forwarded.
  if (request.has<sip::Via>()) return std::nullopt;
  const Result<std::size_t> vias = response.each<sip::Via>([](const sip::ViaView&) {});
  if (!vias || *vias > 1) return Error{Fault::too_many, "Via"};
  return std::nullopt;
}

void UserAgentCore::on(ResponseReceived&& received, Time now) {
  const auto entry = asked_.find(received.transaction);
  if (entry == asked_.end()) return;  // a BYE that was sent from here
  Asked& asked = entry->second;
  Response response{.transaction = received.transaction,
                    .dialog = asked.within,
                    .flow = received.flow,
                    .message = std::move(received.response)};
  const int status = response.message.status();
  if (status >= 200) asked.answered = true;
  asked.tagged = asked.tagged || !tag_of<sip::To>(response.message).empty();
  bool passed_up = true;
  const Accepted* const before =
      status / 100 == 2 ? asked.accepted_before(response.message) : nullptr;
  if (before != nullptr) {
    passed_up = comes_again(asked, *before, response, now);
  } else if (asked.within) {
    answered_inside(asked, response, now);
  } else if (asked.makes_dialogs) {
    answered_outside(asked, response, now);
  }
  if (passed_up && in_order(response)) notify(std::move(response));
}

/// RFC 3262 §4: a reliable provisional response that came before is passed up no second time, and
/// one that overtook another is left until it comes again.
bool UserAgentCore::in_order(const Response& response) {
  const int status = response.message.status();
  if (status <= 100 || status >= 200) return true;
  Talk* const talk = response.dialog ? talks.find(*response.dialog) : nullptr;
  if (talk == nullptr || !sip::lists<sip::Require>(response.message, "100rel")) return true;
  const auto rseq = response.message.view<sip::RSeq>();
  if (!rseq || !*rseq) return true;
  const std::uint32_t number = (*rseq)->response_number;
  const std::uint32_t sequence = sequence_of(response.message);
  ReliableOfPeer& reliable = talk->reliable_of_peer;
  if (reliable.sequence != sequence) reliable = {.sequence = sequence};
  if (reliable.received == 0 || number == reliable.received + 1) {
    reliable.received = number;
    return true;
  }
  if (number > reliable.received) notify(Refused{response.flow, 0, {Fault::missing, "RSeq"}});
  return false;
}

void UserAgentCore::answered_outside(Asked& asked, Response& response, Time now) {
  const int status = response.message.status();
  if (status >= 300) return end_early(asked.made, DialogEnding::refused);
  if (status == 100) return;
  const std::optional<DialogId> id = fork_of(asked, response, now);
  if (!id) return;
  response.dialog = id;
  response.forked = *id != asked.made.front();
  Talk& talk = *talks.find(*id);
  if (talk.early_until != never) talk.early_until = now + config.early_timer;
  if (status >= 200) {
    talk.early_until = never;
    talk.dialog.answered(response.message);
    if (asked.request.method() == sip::method::invite) {
      talk.session = true;
      invite_succeeded(asked, *id, response, now);
    } else {
      subscribed(asked.request, response.message, talk, dialog::Side::ours, now);
      begun_by_success(asked.request);
    }
  }
  talks.arm(*id);
}

/// The dialog of the response's To tag; a new one for a tag that was not seen: RFC 3261 §12.1.2.
std::optional<DialogId> UserAgentCore::fork_of(Asked& asked, const Response& response, Time now) {
  const sip::Message& message = response.message;
  const std::string_view tag = tag_of<sip::To>(message);
  if (tag.empty()) return std::nullopt;
  const auto known = talks.find(call_id_of(asked.request), tag_of<sip::From>(asked.request), tag);
  if (known && std::ranges::find(asked.made, *known) != asked.made.end()) return known;
  if (asked.made.size() >= config.limits.forks_max) return std::nullopt;
  if (known) return asked.made.emplace_back(*known);
  if (talks.size() >= config.limits.dialogs_max) return std::nullopt;
  Result<dialog::Dialog> dialog = dialog::Dialog::from_response(asked.request, message);
  if (!dialog) return std::nullopt;
  Talk talk{.dialog = *std::move(dialog), .flow = response.flow};
  if (message.status() < 200) talk.early_until = now + config.early_timer;
  if (asked.request.method() == sip::method::invite) talk.our_invite = response.transaction;
  asked.made.push_back(talks.add(std::move(talk)));
  return asked.made.back();
}

/// RFC 3261 §13.2.2.4: a 2xx that came before has its own ACK again, whatever came since, and says
/// nothing new. Without one it is passed up again, unless its dialog has ended: that is not begun
/// anew.
bool UserAgentCore::comes_again(const Asked& asked, const Accepted& before, Response& response,
                                Time now) {
  const Talk* const talk = talks.find(before.dialog);
  if (before.ack) endpoint.send(talk == nullptr ? before.flow : talk->flow, *before.ack);
  if (before.ack || talk == nullptr) return false;
  response.dialog = before.dialog;
  response.forked = !asked.within && before.dialog != asked.made.front();
  response.repeated = true;
  if (talk->answered->invite != response.transaction) owe_ack(asked, before.dialog, response, now);
  return true;
}

void UserAgentCore::invite_succeeded(Asked& asked, DialogId id, const Response& response,
                                     Time now) {
  Talk& talk = *talks.find(id);
  if (talk.our_invite == response.transaction) talk.our_invite.reset();
  talk.session_timer.agreed(response.message, dialog::Side::ours, now);
  asked.accepted.push_back({std::string{tag_of<sip::To>(response.message)}, id, talk.flow});
  owe_ack(asked, id, response, now);
}

void UserAgentCore::owe_ack(const Asked& asked, DialogId id, const Response& response, Time now) {
  talks.find(id)->answered =
      Answered{.invite = response.transaction,
               .sequence = sequence_of(asked.request),
               .credentials = credentials_of(asked.request),
               .acknowledge_by = now + 64 * timers_of(response.transaction).t1};
  talks.arm(id);
}

/// The ACK goes again with each 2xx that comes again.
void UserAgentCore::was_acknowledged(TransactionId invite, DialogId id, sip::Message ack) {
  const auto asked = asked_.find(invite);
  if (asked == asked_.end()) return;
  for (Accepted& each : asked->second.accepted)
    if (each.dialog == id) {
      each.flow = talks.find(id)->flow;
      each.ack = std::move(ack);
    }
}

void UserAgentCore::answered_inside(Asked& asked, Response& response, Time now) {
  Talk* const talk = talks.find(*asked.within);
  if (talk == nullptr) return;
  const int status = response.message.status();
  const std::string_view method = asked.request.method();
  if (status < 200) return;
  if (status < 300 && dialog::refreshes_target(method)) talk->dialog.refreshed(response.message);
  if (status < 300 && method == sip::method::update)
    talk->session_timer.agreed(response.message, dialog::Side::ours, now);
  if (method == sip::method::invite) {
    if (talk->our_invite == response.transaction) talk->our_invite.reset();
    if (status < 300) invite_succeeded(asked, *asked.within, response, now);
  }
  talk->has_answer(response.transaction);
  if (status < 300 && subscribes(method))
    subscribed(asked.request, response.message, *talk, dialog::Side::ours, now);
  const bool challenged = status == 401 || status == 407;
  if (method == sip::method::bye && challenged) talk->challenged(now + patience());
  talks.arm(*asked.within);
  if (method == sip::method::bye) {
    if (!challenged) end_session(*asked.within);
  } else if (status == 481 || status == 408 || (status == 489 && method == sip::method::notify)) {
    lost(asked.request, *asked.within, now);
  } else if (status < 300 && method == sip::method::notify) {
    notified(asked.request, *asked.within, dialog::Side::theirs);
  }
}

/// RFC 5057 §5.1: a subscription that the peer does not know ends, or whose package; for any other
/// request the whole dialog does. The peer may know of its session yet, and has a BYE: RFC 3261
/// §12.2.1.2.
void UserAgentCore::lost(const sip::Message& request, DialogId id, Time now) {
  Talk& talk = *talks.find(id);
  const std::string_view method = request.method();
  if (method != sip::method::notify && method != sip::method::subscribe) {
    if (talk.session) hang_up(id, now);
    return end(id, DialogEnding::gone);
  }
  talk.end_subscription(event_of(request),
                        method == sip::method::notify ? dialog::Side::theirs : dialog::Side::ours);
  end_if_unused(id, DialogEnding::gone);
}

/// The subscription that a SUBSCRIBE or REFER makes or refreshes, for as long as was granted.
void UserAgentCore::subscribed(const sip::Message& request, const sip::Message& response,
                               Talk& talk, dialog::Side asked, Time now) {
  const auto granted = response.view<sip::Expires>();
  Duration lasts = subscription_default;
  if (granted && *granted) lasts = std::chrono::seconds((*granted)->seconds);
  const Time until = now + lasts + subscription_grace;
  const std::string event = event_of(request);
  SubscriptionUsage* usage = talk.subscription(event, asked);
  if (usage == nullptr) {
    if (!talk.has_room(event, asked, config.limits)) return;
    usage = &talk.subscriptions.emplace_back(SubscriptionUsage{event, asked});
  }
  usage->until = until;
  if (request.method() == sip::method::refer) talk.refer_accepted(sequence_of(request), asked);
}

/// RFC 6665 §5.4.9: who sent the 2xx notifies, and, unless the package may fork, nobody else. An
/// attempt that was challenged is the same subscription.
void UserAgentCore::begun_by_success(const sip::Message& request) {
  const std::string key = subscribing_key(request);
  for (Subscribing& each : subscribing_)
    if (each.key == key && asks_for_the_same(each.request, request)) each.begun = true;
}

/// A NOTIFY, of either side, was answered: where it says so, its subscription is over.
void UserAgentCore::notified(const sip::Message& notify, DialogId id, dialog::Side asked) {
  const auto state = notify.view<sip::SubscriptionState>();
  if (!state || !*state || (*state)->state != sip::subscription_state::terminated) return;
  talks.find(id)->end_subscription(event_of(notify), asked);
  talks.arm(id);
  end_if_unused(id, DialogEnding::bye);
}

void UserAgentCore::on(Ended&& ended, Time now) {
  if (auto asked = asked_.extract(ended.transaction))
    return asked_ended(asked.mapped(), ended, now);
  if (auto served = served_.extract(ended.transaction)) served_ended(served.mapped(), ended);
}

void UserAgentCore::asked_ended(const Asked& asked, const Ended& ended, Time now) {
  silence(asked, ended.transaction);
  notify(TransactionEnded{ended.transaction, asked.within, ended.why, ended.error});
  const bool failed = ended.why != Ending::complete;
  const DialogEnding why = ended.why == Ending::transport_error ? DialogEnding::transport_error
                                                                : DialogEnding::not_answered;
  end_early(asked.made, why);
  Talk* const talk = asked.within ? talks.find(*asked.within) : nullptr;
  if (talk == nullptr) return;
  if (talk->our_invite == ended.transaction) talk->our_invite.reset();
  talk->has_answer(ended.transaction);
  if (asked.request.method() == sip::method::bye) {
    if (!asked.answered) end_session(*asked.within);
  } else if (failed && ended.why == Ending::timed_out) {
    lost(asked.request, *asked.within, now);  // as a 408: RFC 3261 §8.1.3.1
  }
}

void UserAgentCore::served_ended(const Served& served, const Ended& ended) {
  notify(TransactionEnded{ended.transaction, served.within ? served.within : served.made, ended.why,
                          ended.error});
  release(served, ended.transaction);
  const bool bye = served.request.method() == sip::method::bye;
  if (bye && !served.answered && served.within && talks.find(*served.within) != nullptr)
    end_session(*served.within);
}

}  // namespace kith::ua
