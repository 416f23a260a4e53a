// How a user agent answers.

#include <algorithm>
#include <utility>

#include "kith/sip/header/contact.h"
#include "kith/sip/header/cseq.h"
#include "kith/sip/header/expires.h"
#include "kith/sip/header/from.h"
#include "kith/sip/header/replaces.h"
#include "kith/sip/header/require.h"
#include "kith/sip/header/retry_after.h"
#include "kith/sip/header/rseq.h"
#include "kith/sip/header/supported.h"
#include "kith/sip/header/to.h"
#include "kith/sip/method.h"
#include "kith/ua/message_parts.h"
#include "kith/ua/refusal.h"
#include "kith/ua/user_agent_core.h"

namespace kith::ua {
namespace {

bool has_to_tag(const sip::Message& response) {
  const auto to = response.view<sip::To>();
  return to && *to && (*to)->tag().has_value();
}

std::optional<std::uint32_t> expires_of(const sip::Message& message) {
  const auto expires = message.view<sip::Expires>();
  return expires && *expires ? std::optional{(*expires)->seconds} : std::nullopt;
}

bool answers(const sip::Message& response, const sip::Message& request) {
  const auto asked = request.view<sip::CSeq>();
  const auto said = response.view<sip::CSeq>();
  return !response.is_request() && asked && *asked && said && *said && **asked == **said &&
         response.text("Call-ID") == request.text("Call-ID");
}

}  // namespace

Result<void> UserAgentCore::check_response(const Served& served,
                                           const sip::Message& response) const {
  if (!answers(response, served.request)) return refuse(Fault::malformed, "CSeq");
  if (response.status() / 100 != 2) return {};
  const std::string_view method = served.request.method();
  if (method == sip::method::invite) {
    if (!response.has<sip::Contact>()) return refuse(Fault::missing, "Contact");
    const std::optional<DialogId> id = served.made ? served.made : served.within;
    const Talk* const talk = id ? talks.find(*id) : nullptr;
    // RFC 3262 §3: an offer or answer in what waits for its PRACK must have arrived first.
    if (talk != nullptr && talk->reliable && !talk->reliable->response.body().empty())
      return refuse(Fault::missing, "RSeq");
  }
  if (method == sip::method::subscribe) {
    const std::optional<std::uint32_t> granted = expires_of(response);
    if (!granted) return refuse(Fault::missing, "Expires");
    const std::optional<std::uint32_t> wanted = expires_of(served.request);
    if (wanted && *granted > *wanted) return refuse(Fault::too_long, "Expires");
  }
  return {};
}

/// Every response to one request has the same To tag; one that makes a dialog has its routes.
void UserAgentCore::complete(Served& served, sip::Message& response) {
  if (response.status() > 100 && !has_to_tag(response)) {
    if (served.tag.empty()) served.tag = new_tag();
    response.set_to_tag(served.tag);
  } else if (const auto to = response.view<sip::To>(); to && *to && (*to)->tag()) {
    served.tag = *(*to)->tag();
  }
  if (response.status() > 100 && response.status() < 300 && !response.has("Record-Route"))
    for (const std::string_view route : served.request.texts("Record-Route"))
      response.add("Record-Route", route);
}

/// Whether the request now has a dialog. Where another with the same Call-ID and tags was answered
/// since it came, it is of that one's dialog, as if it had come later.
bool UserAgentCore::begin_as_callee(Served& served, TransactionId id, Time now) {
  const bool invite = served.request.method() == sip::method::invite;
  served.made.reset();
  served.within =
      talks.find(call_id_of(served.request), served.tag, tag_of<sip::From>(served.request));
  if (served.within) {
    Talk& talk = *talks.find(*served.within);
    talk.dialog.accept(served.request);
    if (invite && !talk.their_invite) talk.their_invite = id;
    return true;
  }
  if (talks.size() >= config.limits.dialogs_max) return false;
  Result<dialog::Dialog> dialog = dialog::Dialog::from_request(served.request, served.tag);
  if (!dialog) return false;
  dialog->set_state(dialog::State::early);
  Talk talk{
      .dialog = *std::move(dialog), .flow = served.flow, .early_until = now + config.early_timer};
  if (invite) talk.their_invite = id;
  served.made = talks.add(std::move(talk));
  return true;
}

/// RFC 3261 §21.5.4: what cannot be remembered is not accepted.
sip::Message UserAgentCore::unavailable(Served& served) {
  sip::Message response = sip::Message::response(served.request, 503);
  sip::RetryAfter retry_after;
  retry_after.seconds = retry_after_seconds;
  response.add(retry_after);
  complete(served, response);
  return response;
}

/// Whether its dialog can have the subscription that this response makes.
bool UserAgentCore::has_room(const Served& served, const sip::Message& response) const {
  if (response.status() / 100 != 2 || !subscribes(served.request.method())) return true;
  const Talk* const talk = served.within ? talks.find(*served.within) : nullptr;
  return talk == nullptr ||
         talk->has_room(event_of(served.request), dialog::Side::theirs, config.limits);
}

std::optional<DialogId> UserAgentCore::dialog_of(TransactionId id) const {
  if (const auto served = served_.find(id); served != served_.end())
    return served->second.made ? served->second.made : served->second.within;
  if (const auto asked = asked_.find(id); asked != asked_.end()) {
    if (asked->second.within) return asked->second.within;
    return asked->second.made.empty() ? std::nullopt : std::optional{asked->second.made.front()};
  }
  // RFC 3261 §17.2.2: over a reliable transport the response itself ends the transaction.
  for (const AgentOutput& output : outputs) {
    const auto* event = std::get_if<Event>(&output);
    const auto* ended = event ? std::get_if<TransactionEnded>(event) : nullptr;
    if (ended && ended->transaction == id) return ended->dialog;
  }
  return std::nullopt;
}

Result<void> UserAgentCore::respond(TransactionId id, sip::Message response, Time now) {
  const auto entry = served_.find(id);
  if (entry == served_.end()) return refuse(Fault::missing, "transaction");
  Served& served = entry->second;
  if (served.answered && !sends_again(served, response))
    return refuse(Fault::missing, "transaction");
  if (Result<void> checked = check_response(served, response); !checked) return checked;
  complete(served, response);
  const int status = response.status();
  if (config.session_timer && status / 100 == 2 && refreshes_session(served.request.method()))
    dialog::grant_timer(response, served.request, *config.session_timer);
  const std::optional<DialogId> dialog = served.made ? served.made : served.within;
  // RFC 3261 §13.3.1.4: an early dialog that has ended is made anew, for the 2xx wants its ACK.
  const bool wants_dialog = served.makes_dialogs && !(dialog && talks.find(*dialog));
  const bool begins = wants_dialog && status > 100 && status < 300;
  if ((begins && !begin_as_callee(served, id, now)) || !has_room(served, response))
    response = unavailable(served);
  endpoint.respond(id, response, now);
  was_answered(served, id, response, now);
  pump(now);
  return {};
}

void UserAgentCore::was_answered(Served& served, TransactionId id, const sip::Message& response,
                                 Time now) {
  const int status = response.status();
  const std::optional<DialogId> dialog = served.made ? served.made : served.within;
  Talk* const talk = dialog ? talks.find(*dialog) : nullptr;
  if (status / 100 == 2 && served.alerts && !served.answered) start_alert(served, id, now);
  if (status / 100 == 2 && !served.answered && served.request.method() == sip::method::invite)
    give_up_replaced(served.request);
  if (status >= 200) served.answered = true;
  if (talk == nullptr) return;
  if (status < 200) {
    if (talk->early_until != never) talk->early_until = now + config.early_timer;
    return talks.arm(*dialog);
  }
  if (talk->their_invite == id) talk->their_invite.reset();
  if (status >= 300 && served.request.method() == sip::method::invite) talk->refused_invite = id;
  // RFC 3261 §12.1: an early dialog waits for the answer to what made it, whatever a PRACK or
  // UPDATE within it is answered.
  const bool stays_early = !served.made && talk->dialog.state() == dialog::State::early;
  if (!stays_early) talk->early_until = never;
  const std::string_view method = served.request.method();
  if (method == sip::method::invite && talk->reliable) {
    talk->overtaken = Overtaken{talk->reliable->number, sequence_of(served.request)};
    talk->reliable.reset();
  }
  if (status >= 300) {
    if (served.made) return end(*dialog, DialogEnding::refused);
    talks.arm(*dialog);
    return;
  }
  if (!stays_early) talk->dialog.set_state(dialog::State::confirmed);
  if (refreshes_session(method)) talk->session_timer.agreed(response, dialog::Side::theirs, now);
  if (method == sip::method::invite) {
    talk->session = true;
    const transaction::Timers timers = timers_of(id);
    talk->unacknowledged = Waiting{id, sequence_of(served.request), response,
                                   dialog::Repetition(timers.t1, timers.t2, 64 * timers.t1, now)};
  }
  if (subscribes(method)) subscribed(served.request, response, *talk, dialog::Side::theirs, now);
  talks.arm(*dialog);
  if (method == sip::method::notify) return notified(served.request, *dialog, dialog::Side::ours);
  if (method == sip::method::bye) end_session(*dialog);
}

Result<void> UserAgentCore::respond_reliably(TransactionId id, sip::Message response, Time now) {
  const auto entry = served_.find(id);
  if (entry == served_.end() || entry->second.answered)
    return refuse(Fault::missing, "transaction");
  Served& served = entry->second;
  if (!sip::lists<sip::Supported>(served.request, "100rel") &&
      !sip::lists<sip::Require>(served.request, "100rel"))
    return refuse(Fault::missing, "Supported");
  if (response.status() <= 100 || response.status() >= 200)
    return refuse(Fault::malformed, "status");
  const std::optional<DialogId> before = served.made ? served.made : served.within;
  if (const Talk* const talk = before ? talks.find(*before) : nullptr; talk && talk->reliable)
    return refuse(Fault::duplicate, "RSeq");
  const std::uint32_t number = served.next_reliable++;
  response.add(sip::Require{{"100rel"}});
  response.add(sip::RSeq{number});
  if (Result<void> sent = respond(id, response, now); !sent) return sent;
  const std::optional<DialogId> dialog = served.made ? served.made : served.within;
  Talk* const talk = dialog ? talks.find(*dialog) : nullptr;
  if (talk == nullptr) return {};
  complete(served, response);
  const Duration t1 = timers_of(id).t1;
  talk->reliable =
      Waiting{id, number, std::move(response), dialog::Repetition(t1, 64 * t1, 64 * t1, now)};
  talks.arm(*dialog);
  return {};
}

void UserAgentCore::forget(TransactionId id) {
  const auto entry = served_.find(id);
  if (entry == served_.end() || entry->second.answered) return;
  endpoint.forget(id);
  pump(Time{});
}

/// It waits for nothing any more: what it made or held in its dialog goes with it.
void UserAgentCore::release(const Served& served, TransactionId id) {
  silence(served, id);
  if (!served.merge_key.empty()) merged_.erase(served.merge_key);
  if (served.made) end_early({*served.made}, DialogEnding::not_answered);
  Talk* const talk = served.within ? talks.find(*served.within) : nullptr;
  if (talk == nullptr) return;
  if (talk->their_invite == id) talk->their_invite.reset();
  if (talk->reliable && talk->reliable->invite == id) talk->reliable.reset();
  talks.arm(*served.within);
}

/// RFC 3891 §3: who accepts an INVITE with Replaces shuts down the dialog that it names.
void UserAgentCore::give_up_replaced(const sip::Message& invite) {
  const auto replaces = invite.get<sip::Replaces>();
  const std::optional<DialogId> id = replaces && *replaces ? find(**replaces) : std::nullopt;
  if (id) talks.find(*id)->replaced = true;
}

std::optional<DialogId> UserAgentCore::find(const sip::Replaces& replaces) const {
  const std::optional<DialogId> id =
      talks.find(replaces.call_id, replaces.local_tag(), replaces.remote_tag());
  if (!id) return id;
  const dialog::Dialog& dialog = talks.find(*id)->dialog;
  const bool early = dialog.state() == dialog::State::early;
  // RFC 3891 §3: an early dialog is replaced only where this side began it, and early-only asks for
  // one.
  if (early && dialog.role() == dialog::Role::callee) return std::nullopt;
  return replaces.early_only() && !early ? std::nullopt : id;
}

}  // namespace kith::ua
