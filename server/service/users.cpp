#include <algorithm>
#include <utility>

#include "server/service/answer.h"
#include "server/service/contacts.h"
#include "server/service/core_entry.h"
#include "server/service/limits.h"
#include "server/service/registrar.h"

/// The users of a shard: how they come into memory and leave it, and what time does to them.
namespace kith::service {

// ---- Users --------------------------------------------------------------------------------------

void Core::loaded(const sip::Aor& aor, std::expected<store::UserRecord, std::string> record,
                  Time now) {
  const auto found = users_.find(aor);
  if (found == users_.end()) return;
  Entry& entry = *found->second;
  std::deque<Incoming> waiting = std::exchange(entry.waiting, {});
  waiting_ -= waiting.size();
  awaited_users_.erase(aor);
  if (!record) {
    log(Log::Level::error, "user not loaded", entry, record.error());
    for (Incoming& each : waiting) turn_away(entry, std::move(each), now);
    if (entry.user.account) {  // known before: devices and subscriptions stay, and we try again
      entry.load_again = now + limits::load_again_after;
      schedule(entry, now);
      return;
    }
    forget(entry);
    return;
  }

  // Later, memory knows more: what a removal has left on disk is on its way out.
  const bool first = !entry.user.account;
  if (entry.user.account) directory_->remove(*entry.user.account);
  entry.user.account = std::move(record->account);
  if (entry.user.account) directory_->add(*entry.user.account);
  strangers_ -= entry.stranger ? 1U : 0U;
  entry.stranger = !entry.user.account;
  strangers_ += entry.stranger ? 1U : 0U;
  entry.user.list = std::move(record->list);
  const contacts::Version version = entry.user.list.version();
  while (!entry.user.authors.empty() && entry.user.authors.back().version > version)
    entry.user.authors.pop_back();
  // Somebody else wrote the newest: who made which step is not known any longer.
  if (!entry.user.authors.empty() && entry.user.authors.back().version != version)
    entry.user.authors.clear();
  if (first) take_bindings(entry, std::move(record->bindings), now);
  // Some were to hear of versions that never came to be.
  for (ListSubscription& each : entry.user.subscriptions) each.told = std::min(each.told, version);
  entry.state = Entry::State::ready;

  for (const Caller& caller : std::exchange(entry.uninformed, {})) {
    Outcome informed;
    contact_lists::tell_full_list(entry.user, caller.device, caller.epid, caller.flow, informed);
    for (Effect& effect : informed.effects) perform(entry, effect, now);
  }
  for (Incoming& each : waiting) examine(entry, std::move(each), now);
  schedule(entry, now);
  if (entry.stranger && strangers_ > limits::strangers_max && is_idle(entry)) forget(entry);
}

/// What expired while nobody looked is removed from disk, too: rows have a bound there.
void Core::take_bindings(Entry& entry, std::vector<store::Binding> bindings, Time now) {
  std::vector<store::Write> expired;
  for (store::Binding& binding : bindings) {
    if (binding.expires > now)
      entry.user.devices.push_back(Device{std::move(binding), Flow{}});
    else
      expired.emplace_back(store::RemoveBinding{std::move(binding.device)});
  }
  save_lazily(entry, std::move(expired));
}

bool Core::is_idle(const Entry& entry) {
  return entry.user.devices.empty() && entry.user.subscriptions.empty() && entry.held.empty() &&
         entry.waiting.empty() && entry.asking == 0 && entry.state == Entry::State::ready;
}

void Core::forget(Entry& entry) {
  const sip::Aor aor = entry.aor;
  if (entry.deadline != never) deadlines_.erase({entry.deadline, aor});
  if (entry.user.account) directory_->remove(*entry.user.account);
  strangers_ -= entry.stranger ? 1U : 0U;
  users_.erase(aor);
}

void Core::flow_closed(const Flow& flow, Time now) {
  drop_unanswered(flow);
  const auto users = flows_.find(flow.id);
  if (users == flows_.end()) return;
  const std::set<sip::Aor> aors = std::move(users->second);
  flows_.erase(users);
  for (const sip::Aor& aor : aors) {
    const auto found = users_.find(aor);
    if (found == users_.end()) continue;
    drop_flow(*found->second, flow);
    schedule(*found->second, now);
  }
}

/// What is not decided yet would be decided for a device that is gone: it would stay for ever.
void Core::drop_unanswered(const Flow& flow) {
  std::erase_if(asking_, [&](const auto& each) {
    if (each.second.incoming.origin.flow.id != flow.id) return false;
    const auto user = users_.find(each.second.aor);
    if (user != users_.end()) --user->second->asking;
    return true;
  });
  for (const sip::Aor& aor : awaited_users_) {
    const auto user = users_.find(aor);
    if (user == users_.end()) continue;
    waiting_ -= std::erase_if(user->second->waiting,
                              [&](const Incoming& each) { return each.origin.flow.id == flow.id; });
  }
}

void Core::load_again(Entry& entry, Time now) {
  if (entry.load_again > now) return;
  entry.load_again = never;
  outputs_.emplace_back(Load{entry.aor});
}

void Core::drop_flow(Entry& entry, const Flow& flow) {
  std::erase_if(entry.user.subscriptions,
                [&](const ListSubscription& each) { return each.flow.id == flow.id; });
  std::vector<store::Write> writes;
  std::erase_if(entry.user.devices, [&](const Device& each) {
    if (each.flow.id != flow.id) return false;
    writes.emplace_back(store::RemoveBinding{each.binding.device});
    return true;
  });
  save_lazily(entry, std::move(writes));
}

void Core::save_lazily(Entry& entry, std::vector<store::Write> writes) {
  if (writes.empty()) return;
  const CommitId id{++last_commit_};
  commits_.emplace(id, entry.aor);
  outputs_.emplace_back(Commit{id, {entry.aor, std::move(writes)}, true});
}

void Core::account_changed(const sip::Aor& aor, Time now) {
  const auto found = users_.find(aor);
  if (found == users_.end()) {
    authenticator_.forget(aor);  // an association lives longer than a user stays in memory
    return;
  }
  Entry& entry = *found->second;
  end_sessions(entry, now);
  entry.state = Entry::State::loading;
  if (entry.held.empty())
    outputs_.emplace_back(Load{aor});
  else
    entry.load_when_released = true;  // what is on its way to the disk is to be read, too
}

void Core::end_sessions(Entry& entry, Time now) {
  for (ListSubscription& each : entry.user.subscriptions) {
    Effect farewell = Farewell{each.subscription.farewell("deactivated"), each.flow, each.device};
    perform(entry, farewell, now);
  }
  entry.user.subscriptions.clear();
  std::vector<store::Write> writes;
  for (const Device& each : entry.user.devices)
    writes.emplace_back(store::RemoveBinding{each.binding.device});
  entry.user.devices.clear();
  save_lazily(entry, std::move(writes));
  authenticator_.forget(entry.aor);
}

void Core::answered(const NotifyRef& ref, int status, Time now) {
  // RFC 6665 §4.2.2: no answer at all, or one that says that the dialog or whoever had it is gone,
  // ends the subscription. A busy or confused subscriber keeps it.
  if (status != 0 && status != 481 && status != 408 && status != 404 && status != 410) return;
  const auto found = users_.find(ref.aor);
  if (found == users_.end()) return;
  found->second->user.drop(ref.subscription);
  schedule(*found->second, now);
}

// ---- Time ---------------------------------------------------------------------------------------

void Core::tick(Time now) {
  for (const auth::SaRef& device : authenticator_.tick(now)) {
    const auto found = users_.find(device.aor);
    if (found != users_.end()) found->second->user.drop_of(device);
  }
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    const sip::Aor aor = deadlines_.begin()->second;
    deadlines_.erase(deadlines_.begin());
    const auto found = users_.find(aor);
    if (found == users_.end()) continue;
    found->second->deadline = never;
    expire(*found->second, now);
  }
}

void Core::expire(Entry& entry, Time now) {
  lose_patience(entry, now);
  load_again(entry, now);
  save_lazily(entry, registrar::expire(entry.user, now));
  // Whoever knows piggyback counts the time by itself; a plain subscriber waits for a last NOTIFY.
  for (ListSubscription& each : entry.user.subscriptions) {
    if (each.subscription.expires() > now || each.subscription.piggybacks()) continue;
    Effect farewell = Farewell{each.subscription.farewell("timeout"), each.flow, each.device};
    perform(entry, farewell, now);
  }
  std::erase_if(entry.user.subscriptions,
                [&](const ListSubscription& each) { return each.subscription.expires() <= now; });
  if (is_idle(entry) && entry.last_used + limits::idle_user_lifetime <= now) {
    forget(entry);
    return;
  }
  schedule(entry, now);
}

void Core::schedule(Entry& entry, Time now) {
  Time next = std::min(registrar::next_expiry(entry.user), entry.load_again);
  for (const ListSubscription& each : entry.user.subscriptions)
    next = std::min(next, each.subscription.expires());
  for (const Held& held : entry.held) {
    if (held.answered) continue;
    next = std::min(next, held.since + limits::commit_patience);
    break;
  }
  if (next == never) next = std::max(entry.last_used + limits::idle_user_lifetime, now + 1s);
  if (next == entry.deadline) return;
  if (entry.deadline != never) deadlines_.erase({entry.deadline, entry.aor});
  entry.deadline = next;
  deadlines_.emplace(next, entry.aor);
}

}  // namespace kith::service
