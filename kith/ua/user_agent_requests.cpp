// What a user agent does with requests that its endpoint passes up.

#include <algorithm>
#include <ranges>
#include <utility>

#include "kith/sip/header/contact.h"
#include "kith/sip/header/event.h"
#include "kith/sip/header/from.h"
#include "kith/sip/header/rack.h"
#include "kith/sip/header/refer_to.h"
#include "kith/sip/header/route.h"
#include "kith/sip/header/subscription_state.h"
#include "kith/sip/header/to.h"
#include "kith/sip/method.h"
#include "kith/ua/message_parts.h"
#include "kith/ua/proxy_routing.h"
#include "kith/ua/refusal.h"
#include "kith/ua/user_agent_core.h"

namespace kith::ua {
namespace {

/// Methods that mean something only to who knows the dialog that their To tag names. Others, such
/// as MESSAGE, are passed up all the same: RFC 3261 §12.2.2 leaves it to the user agent.
bool needs_dialog(std::string_view method) {
  using namespace sip::method;
  return method == bye || method == invite || method == update || method == prack ||
         method == info || method == notify || method == subscribe || method == refer;
}

/// Those that need one although they have no To tag: RFC 3261 §15.1.2, RFC 3311 §5, RFC 3262 §3,
/// RFC 6665 §4.1.3.
bool always_in_dialog(std::string_view method) {
  using namespace sip::method;
  return method == bye || method == update || method == prack || method == notify;
}

bool is_known(std::string_view method) {
  using namespace sip::method;
  return needs_dialog(method) || method == options || method == register_ || method == message ||
         method == publish || method == cancel || method == ack;
}

/// RFC 3261 §8.2.2.2: the same for every way that one request can come. A device of the Microsoft
/// dialect repeats Call-ID, tag and CSeq of another that starts in the same second, so its epid
/// counts.
std::string merge_key_of(const sip::Message& request) {
  const auto from = request.view<sip::From>();
  std::string key{call_id_of(request)};
  if (from && *from)
    key.append("\n")
        .append((*from)->tag().value_or(""))
        .append("\n")
        .append((*from)->epid().value_or(""));
  return key.append("\n").append(std::to_string(sequence_of(request))).append(request.method());
}

std::string_view package_of(const sip::Message& request) {
  const auto event = request.view<sip::Event>();
  return event && *event ? (*event)->event_package() : std::string_view{};
}

/// What keeps the Contact of a request from being where the requests of its dialog go.
std::optional<Error> fault_of_target(const sip::Message& request) {
  const auto contact = request.view<sip::Contact>();
  if (!contact) return contact.error();
  if (!*contact) return Error{Fault::missing, "Contact"};
  if ((*contact)->wildcard || !(*contact)->uri.is_sip()) return Error{Fault::malformed, "Contact"};
  return std::nullopt;
}

/// What is wrong with a header of which there is to be one.
template <class H>
std::optional<Error> fault_of_single(const sip::Message& request) {
  const auto header = request.view<H>();
  if (!header) return header.error();
  return *header ? std::nullopt : std::optional{Error{Fault::missing, H::name.full}};
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text.append(text.empty() ? "" : ", ").append(name);
  return text;
}

bool holds(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

void UserAgentCore::answer(const RequestReceived& received, int status, Time now,
                           std::initializer_list<std::pair<std::string_view, std::string>> headers,
                           std::string_view reason) {
  sip::Message response = sip::Message::response(received.request, status, reason);
  add_to_tag(response);
  for (const auto& [name, value] : headers) response.add(name, value);
  endpoint.respond(received.transaction, response, now);
}

void UserAgentCore::on(RequestReceived&& received, Time now) {
  if (not_served(received, now)) return;
  if (config.dialogs == DialogPolicy::none) return serve(std::move(received), {});
  if (const std::optional<Error> fault = fault_of_headers(received.request))
    return answer(received, 400, now, {}, reason_for(*fault));
  const std::string_view to_tag = tag_of<sip::To>(received.request);
  if (to_tag.empty()) return outside(std::move(received), now);
  std::optional<DialogId> id =
      talks.find(call_id_of(received.request), to_tag, tag_of<sip::From>(received.request));
  if (!id) id = begun_by_notify(received, now);
  if (id) return inside(std::move(received), *id, now);
  const bool notify = received.request.method() == sip::method::notify;
  const bool passed_up = notify && !config.answers.unsolicited;
  if (config.answers.no_dialog && needs_dialog(received.request.method()) && !passed_up)
    return notify ? refuse_notify(received, now) : answer(received, 481, now);
  serve(std::move(received), {});
}

/// RFC 3515 §2.4.2: exactly one Refer-To. RFC 6665 §3.2.1, §4.2.2: what a NOTIFY always has.
std::optional<Error> UserAgentCore::fault_of_headers(const sip::Message& request) const {
  const std::string_view method = request.method();
  if (config.answers.refer && method == sip::method::refer)
    return fault_of_single<sip::ReferTo>(request);
  if (!config.answers.notify || method != sip::method::notify) return std::nullopt;
  if (const std::optional<Error> fault = fault_of_single<sip::Event>(request)) return fault;
  return fault_of_single<sip::SubscriptionState>(request);
}

/// RFC 6665 §4.1.3: it belongs to no subscription, and perhaps none could be to that package.
void UserAgentCore::refuse_notify(const RequestReceived& received, Time now) {
  if (config.answers.event && !config.packages.empty() &&
      !holds(config.packages, package_of(received.request)))
    return answer(received, 489, now, {{"Allow-Events", joined(config.packages)}});
  const auto event = received.request.view<sip::Event>();
  std::string reason;
  if (event && *event) reason.append("No subscription to ").append((*event)->package);
  answer(received, 481, now, {}, reason);
}

bool UserAgentCore::not_served(const RequestReceived& received, Time now) {
  const std::string_view method = received.request.method();
  if (config.answers.method && !config.methods.empty() && !holds(config.methods, method)) {
    answer(received, is_known(method) ? 405 : 501, now, {{"Allow", joined(config.methods)}});
    return true;
  }
  if (config.session_timer && refreshes_session(method)) {
    if (const auto least = dialog::too_short(received.request, *config.session_timer)) {
      answer(received, 422, now, {{"Min-SE", std::to_string(least->count())}});
      return true;
    }
  }
  if (config.answers.event && !config.packages.empty() && method == sip::method::subscribe &&
      !holds(config.packages, package_of(received.request))) {
    answer(received, 489, now, {{"Allow-Events", joined(config.packages)}});
    return true;
  }
  return false;
}

void UserAgentCore::outside(RequestReceived&& received, Time now) {
  if (config.answers.no_dialog && always_in_dialog(received.request.method())) {
    if (const std::optional<DialogId> id = begun_by_notify(received, now))
      return inside(std::move(received), *id, now);
    if (received.request.method() != sip::method::notify) return answer(received, 481, now);
    if (config.answers.unsolicited) return refuse_notify(received, now);
  }
  if (config.answers.contact && makes_dialogs(received.request.method()))
    if (const std::optional<Error> fault = fault_of_target(received.request))
      return answer(received, 400, now, {}, reason_for(*fault));
  std::string merge_key = config.answers.merged ? merge_key_of(received.request) : std::string{};
  if (merged_.contains(merge_key)) return answer(received, 482, now);
  serve(std::move(received), {}, std::move(merge_key));
}

void UserAgentCore::inside(RequestReceived&& received, DialogId id, Time now) {
  Talk& talk = *talks.find(id);
  if (out_of_order(received, talk, now) || overlaps(received, talk, now)) return;
  if (config.answers.unsolicited && received.request.method() == sip::method::notify &&
      !talk.expects(event_of(received.request)))
    return refuse_notify(received, now);
  if (received.request.method() == sip::method::prack && !acknowledges(received, talk, now)) return;
  talk.dialog.accept(received.request);
  talk.flow = received.flow;  // what it went by before may be gone
  if (received.request.method() == sip::method::invite) talk.their_invite = received.transaction;
  if (talk.early_until != never) talk.early_until = now + config.early_timer;
  talks.arm(id);
  serve(std::move(received), id);
}

bool UserAgentCore::out_of_order(const RequestReceived& received, Talk& talk, Time now) {
  switch (talk.dialog.order(sequence_of(received.request))) {
    case dialog::Order::next:
      return false;
    case dialog::Order::repeated:
      // Not a retransmission, which the transaction absorbs: it is as good as never sent.
      if (!config.answers.late) return false;
      endpoint.forget(received.transaction);
      return true;
    case dialog::Order::late:
      if (!config.answers.late) return false;
      answer(received, 500, now);
      return true;
  }
  std::unreachable();
}

/// RFC 3261 §14.1: whether an INVITE of ours would have to wait. What the peer accepted wants its
/// ACK before; what we accepted is over with the 2xx (§17.2.1), but what we refused only with its
/// ACK.
bool UserAgentCore::invite_pending(const Talk& talk) const {
  if (talk.our_invite || talk.their_invite) return true;
  if (!config.answers.overlapping) return false;
  return talk.owes_ack() || (talk.refused_invite &&
                             endpoint.state(*talk.refused_invite) == transaction::State::completed);
}

// RFC 3261 §14.2
bool UserAgentCore::overlaps(const RequestReceived& received, const Talk& talk, Time now) {
  if (!config.answers.overlapping || received.request.method() != sip::method::invite) return false;
  if (talk.their_invite) {
    answer(received, 500, now, {{"Retry-After", std::to_string(random_.number() % 11)}});
    return true;
  }
  if (talk.our_invite) {
    answer(received, 491, now);
    return true;
  }
  return false;
}

// RFC 3262 §3: a PRACK that matches nothing which waits for one is answered 481.
bool UserAgentCore::acknowledges(const RequestReceived& received, Talk& talk, Time now) {
  const auto rack = received.request.view<sip::RAck>();
  const auto names = [&](std::uint32_t number, std::uint32_t sequence) {
    return rack && *rack && (*rack)->response_number == number &&
           (*rack)->cseq_number == sequence && (*rack)->method == sip::method::invite;
  };
  if (talk.reliable && names(talk.reliable->number, sequence_of(talk.reliable->response))) {
    talk.reliable.reset();
    return true;
  }
  // RFC 3262 §3: the one that a final response overtook is acknowledged all the same.
  if (talk.overtaken && names(talk.overtaken->number, talk.overtaken->sequence)) {
    talk.overtaken.reset();
    return true;
  }
  if (!config.answers.no_dialog) return true;
  answer(received, 481, now);
  return false;
}

// RFC 6665 §4.4.1: a NOTIFY makes the dialog where it comes before the 2xx, or from another fork.
std::optional<DialogId> UserAgentCore::begun_by_notify(const RequestReceived& received, Time now) {
  if (received.request.method() != sip::method::notify) return std::nullopt;
  const std::string key = std::string{call_id_of(received.request)}.append("\n").append(
      tag_of<sip::To>(received.request));
  // The last attempt: those before it were challenged.
  const auto last_first = subscribing_ | std::views::reverse;
  const auto subscribing = std::ranges::find_if(last_first, [&](const Subscribing& each) {
    return each.key == key && may_notify_of(received.request, each.request);
  });
  if (subscribing == last_first.end()) return std::nullopt;
  if (subscribing->begun && !holds(config.forkable, package_of(received.request)))
    return std::nullopt;
  // One without a To tag is for a subscriber without a tag, and may be of a dialog all the same.
  if (const auto known = talks.find(call_id_of(received.request), tag_of<sip::To>(received.request),
                                    tag_of<sip::From>(received.request)))
    return known;
  if (talks.size() >= config.limits.dialogs_max) return std::nullopt;
  Result<dialog::Dialog> dialog = dialog::Dialog::from_request(
      received.request, std::string{tag_of<sip::To>(received.request)});
  if (!dialog) return std::nullopt;
  dialog->begin_after(sequence_of(subscribing->request));
  subscribing->begun = true;
  Talk talk{.dialog = *std::move(dialog), .flow = subscribing->flow};
  talk.subscriptions.push_back(
      {event_of(subscribing->request), dialog::Side::ours, now + subscription_default});
  if (subscribing->request.method() == sip::method::refer)
    talk.refer_accepted(sequence_of(subscribing->request), dialog::Side::ours);
  return talks.add(std::move(talk));
}

void UserAgentCore::serve(RequestReceived&& received, std::optional<DialogId> within,
                          std::string merge_key) {
  std::optional<sip::Uri> own = take_route(received.request, received.flow);
  Served served{.request = received.request, .within = within};
  served.makes_dialogs = config.dialogs == DialogPolicy::automatic && !within &&
                         makes_dialogs(received.request.method());
  if (!merge_key.empty()) merged_.emplace(merge_key, received.transaction);
  served.merge_key = std::move(merge_key);
  served.flow = received.flow;
  served_.emplace(received.transaction, std::move(served));
  notify(Request{received.transaction, within, received.flow, std::move(received.request),
                 std::move(own)});
}

std::optional<sip::Uri> UserAgentCore::take_route(sip::Message& request, const Flow& flow) const {
  const bool may_be_ours = config.takes_own_route && request.has<sip::Route>();
  return may_be_ours ? take_own_route(request, config.names, flow) : std::nullopt;
}

void UserAgentCore::on(AckReceived&& received, Time) {
  const std::optional<DialogId> id = talks.find(
      call_id_of(received.ack), tag_of<sip::To>(received.ack), tag_of<sip::From>(received.ack));
  Talk* const talk = id ? talks.find(*id) : nullptr;
  std::optional<sip::Uri> own = take_route(received.ack, received.flow);
  Ack ack{.dialog = id,
          .flow = received.flow,
          .message = std::move(received.ack),
          .own_route = std::move(own)};
  if (talk != nullptr) {
    ack.repeated =
        !talk->unacknowledged || talk->unacknowledged->number != sequence_of(ack.message);
    if (!ack.repeated) talk->unacknowledged.reset();
    talks.arm(*id);
  } else {
    acknowledged(ack.message);
  }
  notify(std::move(ack));
}

void UserAgentCore::on(CancelReceived&& received, Time now) {
  const auto served = served_.find(received.invite);
  if (served == served_.end() || served->second.answered) return;
  const std::optional<DialogId> id =
      served->second.made ? served->second.made : served->second.within;
  if (config.answers.cancelled) {
    sip::Message response = sip::Message::response(served->second.request, 487);
    complete(served->second, response);
    endpoint.respond(received.invite, response, now);
    was_answered(served->second, received.invite, response, now);
  }
  notify(Cancelled{received.invite, id});
}

}  // namespace kith::ua
