#include "kith/ua/talks.h"

#include <algorithm>
#include <utility>

#include "kith/base/ensure.h"
#include "kith/ua/message_parts.h"

namespace kith::ua {

Time Talk::deadline() const {
  Time first = std::min(early_until, bye_until);
  if (unacknowledged) first = std::min(first, unacknowledged->repetition.next());
  if (reliable) first = std::min(first, reliable->repetition.next());
  if (owes_ack()) first = std::min(first, answered->acknowledge_by);
  first = std::min({first, session_timer.refresh_at(), session_timer.over_at()});
  for (const SubscriptionUsage& each : subscriptions) first = std::min(first, each.until);
  return first;
}

void Talk::hangs_up() {
  bye_until = never;
  hung_up = true;
  if (ends_by_bye()) dialog.set_state(dialog::State::terminated);
}

void Talk::challenged(Time until) {
  bye_until = until;
  hung_up = false;
  if (dialog.state() != dialog::State::terminated) return;
  dialog.set_state(early_until == never ? dialog::State::confirmed : dialog::State::early);
}

bool Talk::is_over_for(std::string_view method) const {
  if (!hung_up || survives_bye) return false;
  return dialog.state() == dialog::State::terminated || needs_session(method);
}

void Talk::refer_accepted(std::uint32_t sequence, dialog::Side asked) {
  std::optional<std::uint32_t>& first = first_refer[std::to_underlying(asked)];
  first = std::min(first.value_or(sequence), sequence);
}

std::string Talk::with_id(std::string_view event, dialog::Side asked) const {
  const std::optional<std::uint32_t>& first = first_refer[std::to_underlying(asked)];
  std::string text{event};
  if (event == refer_without_id && first) text.append(std::to_string(*first));
  return text;
}

SubscriptionUsage* Talk::subscription(std::string_view event, dialog::Side asked) {
  const std::string wanted = with_id(event, asked);
  const auto found = std::ranges::find_if(subscriptions, [&](const SubscriptionUsage& each) {
    return each.asked == asked && each.event == wanted;
  });
  return found == subscriptions.end() ? nullptr : &*found;
}

void Talk::has_answer(TransactionId request) {
  std::erase_if(subscribing, [&](const auto& each) { return each.transaction == request; });
}

void Talk::end_subscription(std::string_view event, dialog::Side asked) {
  if (SubscriptionUsage* const usage = subscription(event, asked))
    subscriptions.erase(subscriptions.begin() + (usage - subscriptions.data()));
}

bool Talk::has_room(std::string_view event, dialog::Side asked,
                    const UserAgentLimits& limits) const {
  const auto is_there = [&](const SubscriptionUsage& each) {
    return each.asked == asked && each.event == event;
  };
  const auto is_asked_for = [&](const SubscriptionAsked& each) { return each.event == event; };
  return std::ranges::any_of(subscriptions, is_there) ||
         (asked == dialog::Side::ours && std::ranges::any_of(subscribing, is_asked_for)) ||
         subscriptions.size() + subscribing.size() < limits.subscriptions_max;
}

bool Talk::expects(std::string_view event) const {
  const std::string wanted = with_id(event, dialog::Side::ours);
  const auto is_there = [&](const SubscriptionUsage& each) {
    return each.asked == dialog::Side::ours && each.event == wanted;
  };
  // As long as no REFER has been accepted, one without an id may be about any that waits.
  const auto is_asked_for = [&](const SubscriptionAsked& each) {
    return each.event == wanted ||
           (wanted == refer_without_id && each.event.starts_with(refer_without_id));
  };
  return std::ranges::any_of(subscriptions, is_there) ||
         std::ranges::any_of(subscribing, is_asked_for);
}

std::string Talks::name_of(std::string_view call_id, std::string_view local_tag,
                           std::string_view remote_tag) {
  // No line end is in any of them.
  return std::string{call_id}.append("\n").append(local_tag).append("\n").append(remote_tag);
}

DialogId Talks::id_of(std::uint32_t index, std::uint32_t generation) {
  return {std::uint64_t{generation} << 32U | index};
}

DialogId Talks::add(Talk talk) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t index = free_.back();
  free_.pop_back();
  Slot& slot = slots_[index];
  const DialogId id = id_of(index, slot.generation);
  const dialog::Dialog& dialog = talk.dialog;
  const auto [entry, inserted] =
      by_name_.emplace(name_of(dialog.call_id(), dialog.local_tag(), dialog.remote_tag()), id);
  ensure(inserted);
  slot.talk = std::move(talk);
  arm(id);
  return id;
}

std::optional<std::uint32_t> Talks::index_of(DialogId id) const {
  const auto index = static_cast<std::uint32_t>(id.value);
  const bool there = index < slots_.size() && slots_[index].generation == id.value >> 32U;
  return there && slots_[index].talk ? std::optional{index} : std::nullopt;
}

const Talk* Talks::find(DialogId id) const {
  const std::optional<std::uint32_t> index = index_of(id);
  return index ? &*slots_[*index].talk : nullptr;
}

Talk* Talks::find(DialogId id) {
  const std::optional<std::uint32_t> index = index_of(id);
  return index ? &*slots_[*index].talk : nullptr;
}

std::optional<DialogId> Talks::find(std::string_view call_id, std::string_view local_tag,
                                    std::string_view remote_tag) const {
  const auto entry = by_name_.find(name_of(call_id, local_tag, remote_tag));
  return entry == by_name_.end() ? std::nullopt : std::optional{entry->second};
}

void Talks::arm(DialogId id) {
  if (const Talk* const talk = find(id))
    wheel_.set(static_cast<std::uint32_t>(id.value), talk->deadline());
}

Talk Talks::take(DialogId id) {
  const std::optional<std::uint32_t> index = index_of(id);
  ensure(index.has_value());
  Slot& slot = slots_[*index];
  Talk talk = *std::exchange(slot.talk, std::nullopt);
  slot.generation = std::max(slot.generation + 1, 1U);
  wheel_.stop(*index);
  by_name_.erase(name_of(talk.dialog.call_id(), talk.dialog.local_tag(), talk.dialog.remote_tag()));
  free_.push_back(*index);
  return talk;
}

std::optional<DialogId> Talks::expired(Time now) {
  const std::optional<std::uint32_t> index = wheel_.expired(now);
  if (!index) return std::nullopt;
  return id_of(*index, slots_[*index].generation);
}

}  // namespace kith::ua
