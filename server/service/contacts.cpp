#include "server/service/contacts.h"

#include <algorithm>
#include <chrono>
#include <expected>
#include <string>
#include <utility>

#include "kith/contacts/format/roaming.h"
#include "kith/event/package/roaming_contacts.h"
#include "kith/sip/header/accept.h"
#include "kith/sip/header/content_type.h"
#include "kith/sip/header/cseq.h"
#include "kith/sip/header/event.h"
#include "kith/sip/header/expires.h"
#include "kith/sip/header/to.h"
#include "kith/soap/dispatcher.h"
#include "kith/soap/envelope.h"
#include "kith/soap/operation/add_group.h"
#include "kith/soap/operation/add_group_response.h"
#include "kith/soap/operation/delete_contact.h"
#include "kith/soap/operation/delete_group.h"
#include "kith/soap/operation/modify_group.h"
#include "kith/soap/operation/set_contact.h"
#include "kith/ua/via.h"
#include "server/service/answer.h"
#include "server/service/limits.h"

namespace kith::service::contact_lists {

namespace {

using contacts::Delta;
using contacts::List;
using contacts::Refusal;
using contacts::Version;

// ---- Operations ---------------------------------------------------------------------------------

/// Whether every step from a version on was this device's own: SIPE counts by itself and takes the
/// number of a late notification for the current one.
bool only_own_changes_since(const User& user, Version version, std::string_view epid) {
  if (epid.empty()) return false;
  const std::uint32_t steps = user.list.version().value - version.value;
  if (steps > user.authors.size()) return false;
  return std::all_of(user.authors.end() - steps, user.authors.end(),
                     [&](const Author& author) { return author.epid == epid; });
}

std::expected<void, Refusal> expect(const User& user, Version expected, const Request& request) {
  if (expected == user.list.version()) return {};
  if (request.settings.accept_own_older_delta && expected < user.list.version() &&
      only_own_changes_since(user, expected, request.caller.epid))
    return {};
  return std::unexpected(Refusal::version_conflict);
}

/// One step forward: what is stored, and what every device hears.
Outcome done(User& user, const Request& request, Delta delta) {
  user.authors.push_back({delta.to, request.caller.epid});
  if (user.authors.size() > limits::authors_remembered_max) user.authors.pop_front();
  Outcome outcome{.reply = answer(request, 200)};
  outcome.effects.emplace_back(TellDevices{delta.from, delta.to, contacts::roaming::write(delta)});
  outcome.writes.emplace_back(store::ListChange{std::move(delta)});
  return outcome;
}

Outcome refused(const Request& request, Refusal refusal) {
  const int status = static_cast<int>(contacts::status_of(refusal));
  std::string reason(sip::reason_phrase(status));
  return refuse_with(request, status, reason.append(": ").append(to_string(refusal)));
}

Outcome finish(User& user, const Request& request, std::expected<Delta, Refusal> delta) {
  return delta ? done(user, request, *std::move(delta)) : refused(request, delta.error());
}

Outcome on(const soap::SetContact& set, User& user, const Request& request) {
  if (const auto current = expect(user, set.expected, request); !current)
    return refused(request, current.error());
  return finish(user, request, user.list.set_contact(set.contact, request.settings.list));
}

Outcome on(const soap::DeleteContact& remove, User& user, const Request& request) {
  if (const auto current = expect(user, remove.expected, request); !current)
    return refused(request, current.error());
  return finish(user, request, user.list.delete_contact(remove.uri));
}

Outcome on(const soap::AddGroup& add, User& user, const Request& request) {
  if (const auto current = expect(user, add.expected, request); !current)
    return refused(request, current.error());
  auto added = user.list.add_group(add.group_name, add.external_uri, request.settings.list);
  if (!added) return refused(request, added.error());
  Outcome outcome = done(user, request, std::move(added->delta));
  outcome.reply.set_body(soap::content_type, soap::envelope(soap::AddGroupResponse{added->id}));
  return outcome;
}

Outcome on(const soap::ModifyGroup& modify, User& user, const Request& request) {
  if (const auto current = expect(user, modify.expected, request); !current)
    return refused(request, current.error());
  return finish(user, request, user.list.modify_group(modify.group));
}

Outcome on(const soap::DeleteGroup& remove, User& user, const Request& request) {
  if (const auto current = expect(user, remove.expected, request); !current)
    return refused(request, current.error());
  return finish(user, request, user.list.delete_group(remove.id));
}

using Soap = soap::Dispatcher<Outcome, User&, const Request&>;

template <soap::Operation X>
void serve(Soap& soap) {
  soap.on<X>([](const X& operation, User& user, const Request& request) {
    return on(operation, user, request);
  });
}

Soap operations() {
  Soap soap;
  serve<soap::SetContact>(soap);
  serve<soap::DeleteContact>(soap);
  serve<soap::AddGroup>(soap);
  serve<soap::ModifyGroup>(soap);
  serve<soap::DeleteGroup>(soap);
  return soap;
}

bool is_soap(const sip::Message& message) {
  const auto type = message.view<sip::ContentType>();
  return type && *type && equal_ignoring_case((*type)->type, "application") &&
         equal_ignoring_case((*type)->subtype, "SOAP+xml");
}

/// The subscription whose dialog the request belongs to, none for a request outside of every
/// dialog; or the refusal.
std::expected<ListSubscription*, Outcome> subscription_of(User& user, const Request& request) {
  const auto to = request.message.view<sip::To>();
  if (!to || !*to || !(*to)->tag()) return nullptr;
  ListSubscription* const subscription = user.subscription_of(request.message);
  if (!subscription || subscription->epid != request.caller.epid)
    return std::unexpected(refuse_with(request, 481));
  if (!subscription->subscription.dialog().accept(request.message))
    return std::unexpected(refuse_with(request, 500, "CSeq is not higher than the last"));
  return subscription;
}

// ---- Subscription -------------------------------------------------------------------------------

bool accepts_lists(const sip::Message& subscribe) {
  if (!subscribe.has<sip::Accept>()) return true;
  const Result<std::vector<sip::Accept>> accepted = subscribe.all<sip::Accept>();
  if (!accepted) return false;
  return std::ranges::any_of(*accepted, [](const sip::Accept& range) {
    return (range.type == "*" || equal_ignoring_case(range.type, "application")) &&
           (range.subtype == "*" ||
            equal_ignoring_case(range.subtype, "vnd-microsoft-roaming-contacts+xml"));
  });
}

/// How long a subscription is granted: what was asked within our bounds, or a time of ours, spread
/// so that the refreshes of many do not come together.
Duration granted(const std::optional<sip::Expires>& asked, const Request& request) {
  const Settings& settings = request.settings;
  if (asked)
    return std::min<Duration>(std::chrono::seconds(asked->seconds), settings.subscription_max);
  const auto spread = static_cast<std::uint64_t>(
      (settings.subscription_default_max - settings.subscription_default_min) / 1s);
  return settings.subscription_default_min +
         std::chrono::seconds(spread == 0 ? 0 : request.random.number() % spread);
}

/// A device of the Microsoft dialect is addressed by where it was seen (SIP-TRAN-11); another
/// client by the Contact that it gave.
std::optional<std::string> observed_address(const Request& request) {
  const Flow& flow = request.caller.flow;
  if (request.caller.epid.empty() || !is_stream(flow.transport)) return std::nullopt;
  return "sip:" + flow.remote.text() + ";transport=" + to_lower(to_string(flow.transport)) +
         ";ms-received-cid=" + ua::connection_id(flow);
}

/// The device subscribes anew: what it had before is forgotten without a word, for it has.
void forget_earlier(User& user, const Caller& caller) {
  if (!caller.epid.empty()) user.drop_of_epid(caller.epid);
}

Result<event::Subscription> subscription_for(const Request& request, Duration duration) {
  Result<dialog::Dialog> dialog =
      dialog::Dialog::from_request(request.message, request.random.hex(8));
  if (!dialog) return std::unexpected(dialog.error());
  if (std::optional<std::string> seen = observed_address(request))
    dialog->set_remote_target(*std::move(seen));
  const auto event = request.message.view<sip::Event>();
  std::string id(event && *event ? (*event)->id().value_or(std::string_view{})
                                 : std::string_view{});
  return event::Subscription(*std::move(dialog), event::roaming_contacts, std::move(id),
                             event::offered(request.message), duration, request.now);
}

/// The list once, without a subscription: in the 200, or in the NOTIFY that a client waits for that
/// knows no piggyback. RFC 6665 §4.4.3
Outcome fetch(const User& user, const Request& request) {
  const std::string list = contacts::roaming::write(user.list);
  const event::Content content{contacts::roaming::content_type, list};
  if (event::offered(request.message).piggyback)
    return Outcome{.reply = event::ended(request.message, request.random.hex(8), content)};
  Result<event::Subscription> once = subscription_for(request, Duration::zero());
  if (!once) return refuse_with(request, once.error());
  Outcome outcome{.reply = event::ended(request.message, once->dialog().local_tag(), {})};
  outcome.reply.add("Contact", own_contact(request.settings, request.caller.flow));
  outcome.effects.emplace_back(
      Farewell{once->farewell("timeout", content), request.caller.flow, request.caller.device});
  return outcome;
}

Outcome open(User& user, const Request& request, Duration duration) {
  if (user.subscriptions.size() >= limits::subscriptions_per_user_max)
    return refuse_with(request, 403, "Too many subscriptions");
  Result<event::Subscription> subscription = subscription_for(request, duration);
  if (!subscription) return refuse_with(request, subscription.error());

  forget_earlier(user, request.caller);
  ListSubscription& opened = user.subscriptions.emplace_back(ListSubscription{
      .id = {++user.last_subscription},
      .subscription = *std::move(subscription),
      .device = request.caller.device,
      .epid = request.caller.epid,
      .flow = request.caller.flow,
      .told = user.list.version(),
  });
  const std::string list = contacts::roaming::write(user.list);
  Outcome outcome{.reply = opened.subscription.accepted(
                      request.message, {contacts::roaming::content_type, list}, request.now)};
  outcome.reply.add("Contact", own_contact(request.settings, request.caller.flow));
  outcome.opened = opened.id;
  if (!opened.subscription.piggybacks())
    outcome.effects.emplace_back(TellList{opened.id, user.list.version(), list});
  return outcome;
}

Outcome refresh(User& user, ListSubscription& existing, const Request& request, Duration duration) {
  existing.flow = request.caller.flow;
  existing.device = request.caller.device;
  if (std::optional<std::string> seen = observed_address(request))
    existing.subscription.dialog().set_remote_target(*std::move(seen));
  if (duration == Duration::zero()) {
    Outcome outcome{.reply = event::ended(request.message, {}, {})};
    if (!existing.subscription.piggybacks())  // RFC 6665 §4.2.1.4: a plain subscriber waits for it
      outcome.effects.emplace_back(
          Farewell{existing.subscription.farewell("timeout"), existing.flow, existing.device});
    user.drop(existing.id);
    return outcome;
  }
  const std::string list = contacts::roaming::write(user.list);
  existing.subscription.refresh(duration, request.now);
  existing.told = user.list.version();
  Outcome outcome{.reply = existing.subscription.accepted(
                      request.message, {contacts::roaming::content_type, list}, request.now)};
  outcome.reply.add("Contact", own_contact(request.settings, request.caller.flow));
  TellList whole{existing.id, user.list.version(), list};
  if (existing.subscription.piggybacks())
    outcome.instead = std::move(whole);
  else
    outcome.effects.emplace_back(std::move(whole));
  return outcome;
}

}  // namespace

void tell_full_list(const User& user, const auth::SaRef& device, std::string_view epid,
                    const Flow& flow, Outcome& outcome) {
  for (const ListSubscription& each : user.subscriptions) {
    const bool same = epid.empty() ? each.flow == flow : each.epid == epid;
    if (!same || each.device != device) continue;
    outcome.effects.emplace_back(
        TellList{each.id, user.list.version(), contacts::roaming::write(user.list)});
  }
}

Outcome operate(User& user, const Request& request) {
  static const Soap soap = operations();
  const Caller& caller = request.caller;
  if (!is_to_self(request))
    return refuse_with(request, 403, "Forbidden: the list of somebody else");
  if (auto within = subscription_of(user, request); !within) return std::move(within).error();
  if (!is_soap(request.message)) {
    Outcome outcome = refuse_with(request, 415);
    outcome.reply.add("Accept", soap::content_type);
    return outcome;
  }

  Result<Outcome> called = soap.call(request.message.body(), user, request);
  Outcome outcome = called
                        ? *std::move(called)
                        : refuse_with(request, 400, "Bad Request: " + soap::reason(called.error()));
  const bool unknown = !called && called.error().where.starts_with("method");
  if (outcome.writes.empty() && !unknown)
    tell_full_list(user, caller.device, caller.epid, caller.flow, outcome);
  return outcome;
}

Outcome subscribe(User& user, const Request& request) {
  if (!is_to_self(request))
    return refuse_with(request, 403, "Forbidden: the list of somebody else");
  if (!accepts_lists(request.message)) return refuse_with(request, 406);
  const Result<std::optional<sip::Expires>> expires = request.message.get<sip::Expires>();
  if (!expires) return refuse_with(request, expires.error());
  const bool ends = *expires && (*expires)->seconds == 0;
  const Duration duration = granted(*expires, request);
  if (!ends && duration < request.settings.subscription_min)
    return too_brief(request, request.settings.subscription_min);

  auto existing = subscription_of(user, request);
  if (!existing) return std::move(existing).error();
  const bool sends_list = !ends || *existing == nullptr;
  if (sends_list && !is_stream(request.caller.flow.transport) &&
      !fits(request.caller.flow, contacts::roaming::write(user.list)))
    return refuse_with(request, 513, "Message Too Large: the list needs TCP or TLS");
  if (*existing) return refresh(user, **existing, request, ends ? Duration::zero() : duration);
  return ends ? fetch(user, request) : open(user, request, duration);
}

}  // namespace kith::service::contact_lists
