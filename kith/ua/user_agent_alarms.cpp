// What a user agent tells the layer above, or pings, when its time has come and nothing else did.

#include <algorithm>
#include <utility>

#include "kith/sip/header/from.h"
#include "kith/sip/header/to.h"
#include "kith/sip/method.h"
#include "kith/ua/message_parts.h"
#include "kith/ua/user_agent_core.h"

namespace kith::ua {
namespace {

/// A stream is told by its connection alone.
bool same(const Flow& one, const Flow& other) {
  return transaction::identity(one) == transaction::identity(other);
}

/// RFC 3261 §13.2.2.4: what the ACK for a 2xx has of its INVITE; the branch is another.
std::string acknowledged_key(const sip::Message& request) {
  return std::string{call_id_of(request)}
      .append("\n")
      .append(tag_of<sip::From>(request))
      .append("\n")
      .append(std::to_string(sequence_of(request)));
}

}  // namespace

Result<void> UserAgentCore::alert_if_calling(TransactionId id, Duration after, Time now) {
  const auto asked = asked_.find(id);
  if (asked == asked_.end() || asked->second.request.method() != sip::method::invite)
    return refuse(Fault::missing, "transaction");
  alarms_.erase({asked->second.calling_until, id, Alarm::What::still_calling});
  asked->second.calling_until = now + after;
  alarms_.insert({now + after, id, Alarm::What::still_calling});
  return {};
}

Result<void> UserAgentCore::alert_retransmissions(TransactionId id) {
  const auto entry = served_.find(id);
  if (entry == served_.end() || entry->second.answered ||
      entry->second.request.method() != sip::method::invite)
    return refuse(Fault::missing, "transaction");
  if (entry->second.within || entry->second.makes_dialogs)
    return refuse(Fault::duplicate, "dialog");
  entry->second.alerts = true;
  return {};
}

void UserAgentCore::start_alert(Served& served, TransactionId id, Time now) {
  const transaction::Timers timers = timers_of(id);
  served.alert = dialog::Repetition(timers.t1, timers.t2, 64 * timers.t1, now);
  alerted_.emplace(acknowledged_key(served.request), id);
  alarms_.insert({served.alert->next(), id, Alarm::What::retransmission_due});
}

bool UserAgentCore::sends_again(const Served& served, const sip::Message& response) const {
  return served.alert && response.status() / 100 == 2;
}

void UserAgentCore::alert(TransactionId id, Time now) {
  const auto served = served_.find(id);
  if (served == served_.end() || !served->second.alert) return;
  dialog::Repetition& repetition = *served->second.alert;
  const dialog::Repetition::Due due = repetition.due(now);
  if (due == dialog::Repetition::Due::over) {
    silence(served->second, id);
    served->second.alert.reset();
    return;
  }
  if (due == dialog::Repetition::Due::again) notify(RetransmissionDue{id});
  alarms_.insert({repetition.next(), id, Alarm::What::retransmission_due});
}

void UserAgentCore::acknowledged(const sip::Message& ack) {
  const auto alerted = alerted_.find(acknowledged_key(ack));
  if (alerted == alerted_.end()) return;
  const auto served = served_.find(alerted->second);
  if (served == served_.end()) return;
  silence(served->second, alerted->second);
  served->second.alert.reset();
}

void UserAgentCore::silence(const Asked& asked, TransactionId id) {
  alarms_.erase({asked.expires_at, id, Alarm::What::invite_expired});
  alarms_.erase({asked.calling_until, id, Alarm::What::still_calling});
}

void UserAgentCore::silence(const Served& served, TransactionId id) {
  if (!served.alert) return;
  alerted_.erase(acknowledged_key(served.request));
  alarms_.erase({served.alert->next(), id, Alarm::What::retransmission_due});
}

void UserAgentCore::fire_alarms(Time now) {
  std::size_t left = timers_per_tick_max;
  while (left-- > 0 && !alarms_.empty() && alarms_.begin()->at <= now) {
    const Alarm alarm = alarms_.extract(alarms_.begin()).value();
    const std::optional<transaction::State> state = endpoint.state(alarm.transaction);
    const bool calling = state == transaction::State::calling;
    switch (alarm.what) {
      case Alarm::What::retransmission_due:
        alert(alarm.transaction, now);
        break;
      case Alarm::What::still_calling:
        if (calling) notify(StillCalling{alarm.transaction});
        break;
      case Alarm::What::invite_expired:
        if (calling || state == transaction::State::proceeding)
          notify(InviteExpired{alarm.transaction});
        break;
    }
  }
}

void UserAgentCore::keep_alive(const Flow& flow, std::optional<Duration> most, Time now) {
  auto kept = std::ranges::find_if(kept_, [&](const Kept& each) { return same(each.flow, flow); });
  if (!most) {
    if (kept != kept_.end()) kept_.erase(kept);
    return;
  }
  if (kept == kept_.end()) kept = kept_.insert(kept, Kept{flow, {}});
  kept->keep_alive.set(most, now, random_);
}

void UserAgentCore::ping_flows(Time now) {
  std::vector<Flow> failed;
  for (Kept& each : kept_) {
    const KeepAlive::Due due = each.keep_alive.due(each.flow, now, random_);
    if (due == KeepAlive::Due::ping) endpoint.ping(each.flow);
    if (due == KeepAlive::Due::failed) failed.push_back(each.flow);
  }
  for (const Flow& flow : failed) endpoint.close(flow, Closing::no_pong);
}

void UserAgentCore::on(PongReceived&& pong, Time now) {
  const auto kept =
      std::ranges::find_if(kept_, [&](const Kept& each) { return same(each.flow, pong.flow); });
  if (kept != kept_.end()) kept->keep_alive.pong(now, random_);
  notify(std::move(pong));
}

void UserAgentCore::moved(const Flow& from, const Flow& to, std::string_view bytes) {
  endpoint.moved(from, to, bytes);
  const auto request = sip::Message::parse(std::string{bytes});
  if (!request || !request->is_request()) return;
  const auto id =
      talks.find(call_id_of(*request), tag_of<sip::From>(*request), tag_of<sip::To>(*request));
  if (id && same(talks.find(*id)->flow, from)) talks.find(*id)->flow = to;
}

void UserAgentCore::on(FlowClosed&& closed, Time) {
  std::erase_if(kept_, [&](const Kept& each) { return same(each.flow, closed.flow); });
  notify(std::move(closed));
}

}  // namespace kith::ua
