#include <algorithm>
#include <utility>

#include "kith/base/overloaded.h"
#include "server/service/answer.h"
#include "server/service/core_entry.h"
#include "server/service/limits.h"

/// Nothing that a handler decided leaves before it is on disk, and a user's outcomes leave in
/// order: design in docs/decisions, "commit before speaking".
namespace kith::service {

void Core::hold(Entry& entry, Incoming incoming, Caller caller, Outcome outcome, Time now) {
  if (outcome.registered_until && !caller.device.empty())
    authenticator_.registered(caller.device, *outcome.registered_until);
  // What a 503 repeats are headers: a long body would only fill the memory.
  if (incoming.request.body().size() > limits::held_body_bytes_max)
    incoming.request = sip::Message::response(incoming.request, 503);

  Held held{.incoming = std::move(incoming),
            .caller = std::move(caller),
            .outcome = std::move(outcome),
            .commit = std::nullopt,
            .since = now};
  if (held.outcome.survives_refusal) {  // bindings: written when it suits
    save_lazily(entry, std::exchange(held.outcome.writes, {}));
  } else if (!held.outcome.writes.empty()) {
    held.commit = CommitId{++last_commit_};
    commits_.emplace(*held.commit, entry.aor);
    outputs_.emplace_back(
        Commit{*held.commit, {entry.aor, std::exchange(held.outcome.writes, {})}, false});
  }
  entry.held.push_back(std::move(held));
  ++held_;
  release(entry, now);
}

void Core::release(Entry& entry, Time now) {
  while (!entry.held.empty() && !entry.held.front().commit) {
    Held held = std::move(entry.held.front());
    entry.held.pop_front();
    --held_;
    leave(entry, held, now);
  }
  if (entry.held.empty() && std::exchange(entry.load_when_released, false))
    outputs_.emplace_back(Load{entry.aor});
}

/// Signed at the last moment: every header is final now, and numbers rise in the order of sending.
void Core::leave(Entry& entry, Held& held, Time now) {
  if (!held.answered) {
    const auth::SaRef& device = held.caller.device;
    answer_signed(entry, held.incoming, device, std::move(held.outcome.reply), now);
    if (held.outcome.signs_off && !device.empty()) {
      authenticator_.forget(device);
      entry.user.drop_of(device);
    }
  }
  for (Effect& effect : held.outcome.effects) perform(entry, effect, now);
}

/// What cannot be signed any longer is not sent: the device would not believe it.
void Core::answer_signed(Entry& entry, const Incoming& incoming, const auth::SaRef& device,
                         sip::Message response, Time now) {
  if (!device.empty() && !authenticator_.sign(device, response, now)) {
    log(Log::Level::warning, "response not signed", entry, incoming.request, incoming.origin.flow,
        "the device has no security association any longer");
    return;
  }
  respond(incoming.origin, std::move(response));
}

void Core::perform(Entry& entry, Effect& effect, Time now) {
  std::visit(Overloaded{
                 [&](TellDevices& tell) {
                   for (ListSubscription& each : entry.user.subscriptions)
                     if (each.told < tell.to) notify(entry, each, tell.to, tell.body, now);
                 },
                 [&](TellList& tell) {
                   if (ListSubscription* const each = entry.user.subscription(tell.subscription))
                     notify(entry, *each, tell.version, tell.body, now);
                 },
                 [&](Farewell& farewell) {
                   farewell.notify.add("Contact", own_contact(settings_, farewell.flow));
                   if (!farewell.device.empty() &&
                       !authenticator_.sign(farewell.device, farewell.notify, now))
                     return;
                   const bool answered = farewell.notify.method() != "BENOTIFY";
                   outputs_.emplace_back(Notify{
                       farewell.flow, std::move(farewell.notify), {entry.aor, {}}, answered});
                 },
             },
             effect);
}

void Core::notify(Entry& entry, ListSubscription& subscription, contacts::Version version,
                  std::string_view body, Time now) {
  if (!fits(subscription.flow, body)) {  // the device refreshes, and hears why
    too_large(entry, subscription.flow);
    return;
  }
  sip::Message message = subscription.subscription.notification(
      {subscription.subscription.package().content_type, body}, now);
  message.add("Contact", own_contact(settings_, subscription.flow));
  subscription.told = std::max(subscription.told, version);
  if (!subscription.device.empty() && !authenticator_.sign(subscription.device, message, now)) {
    log(Log::Level::warning, "notification not signed", entry, message, subscription.flow,
        "the device has no security association any longer");
    return;
  }
  ++statistics_.notifications;
  outputs_.emplace_back(Notify{subscription.flow,
                               std::move(message),
                               {entry.aor, subscription.id},
                               !subscription.subscription.extensions().benotify});
}

void Core::too_large(const Entry& entry, const Flow& flow) {
  ++statistics_.too_large;
  outputs_.emplace_back(Log{Log::Level::warning,
                            "list too large",
                            entry.aor,
                            {},
                            flow,
                            "it does not fit into a datagram; the client needs TCP or TLS"});
}

void Core::committed(CommitId id, const store::CommitResult& result, Time now) {
  if (result.how == store::Commit::unknown) {
    outputs_.emplace_back(Halt{result.sentence});
    return;
  }
  const auto commit = commits_.find(id);
  if (commit == commits_.end()) return;
  const sip::Aor aor = commit->second;
  commits_.erase(commit);
  const auto found = users_.find(aor);
  if (found == users_.end()) return;
  Entry& entry = *found->second;
  const auto held = std::ranges::find(entry.held, std::optional(id), &Held::commit);
  if (held == entry.held.end()) {  // written lazily: nobody waits for it
    if (result.how != store::Commit::done)
      log(Log::Level::error, "bindings not stored", entry, result.sentence);
    return;
  }
  if (result.how == store::Commit::done) {
    held->commit.reset();
  } else {
    log(Log::Level::error, "store refused", entry, held->incoming.request,
        held->incoming.origin.flow, result.sentence);
    ++statistics_.refused_by_store;
    refused(entry, static_cast<std::size_t>(held - entry.held.begin()));
  }
  release(entry, now);
  schedule(entry, now);
}

/// The durable part of the user is what the disk has, no longer what we have: it is read again.
/// What was held behind the refused write was decided on a list that never was.
void Core::refused(Entry& entry, std::size_t from) {
  for (std::size_t i = from; i < entry.held.size(); ++i) {
    Held& held = entry.held[i];
    if (held.commit) commits_.erase(*held.commit);
    held.commit.reset();
    if (!held.outcome.survives_refusal) take_back(entry, held);
  }
  entry.state = Entry::State::loading;
  entry.load_when_released = true;
}

void Core::take_back(Entry& entry, Held& held) {
  if (held.outcome.opened) entry.user.drop(*held.outcome.opened);
  held.outcome = Outcome{.reply = try_later(held.incoming.request, random_)};
  const bool told = std::ranges::any_of(entry.uninformed, [&](const Caller& each) {
    return each.device == held.caller.device && each.flow == held.caller.flow;
  });
  if (!told) entry.uninformed.push_back(held.caller);
}

/// RFC 3261 §21.5.4: the client takes the outcome as unknown and reads the list. The write may
/// still come through; then the devices hear of it as of any other.
void Core::lose_patience(Entry& entry, Time now) {
  for (Held& held : entry.held) {
    if (held.answered || held.since + limits::commit_patience > now) continue;
    answer_signed(entry, held.incoming, held.caller.device,
                  try_later(held.incoming.request, random_), now);
    held.answered = true;
    if (held.outcome.instead) held.outcome.effects.emplace_back(*std::move(held.outcome.instead));
    // The client was told that it has no subscription: so it has none.
    if (held.outcome.opened) entry.user.drop(*held.outcome.opened);
  }
}

}  // namespace kith::service
