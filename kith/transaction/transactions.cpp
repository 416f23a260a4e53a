#include "kith/transaction/transactions.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "kith/base/ensure.h"
#include "kith/base/overloaded.h"

namespace kith::transaction {
namespace {

// Whether bytes may be sent a second time, or are needed to make an ACK or a CANCEL.
bool needs_bytes(const Machine& machine) {
  switch (machine.state()) {
    case State::terminated:
    case State::confirmed:
      return false;
    case State::accepted:
      return false;
    case State::completed:
      return machine.kind() != Kind::client_other;
    default:
      break;
  }
  return machine.kind() != Kind::client_other || machine.reliability() == Reliability::unreliable;
}

}  // namespace

std::size_t Transactions::FlowHash::operator()(const Flow& flow) const {
  char bytes[26];
  std::memcpy(bytes, flow.remote.ip.data(), 16);
  std::memcpy(bytes + 16, &flow.remote.port, 2);
  std::memcpy(bytes + 18, &flow.id, 8);
  return siphash(as_bytes({bytes, sizeof bytes}), secret);
}

Transactions::Transactions(const Timers& timers, const HashKey& secret, Listener& listener)
    : timers_(timers),
      secret_(secret),
      listener_(listener),
      buckets_(16, none),
      second_keys_(16, KeyedHash{secret}),
      first_on_flow_(16, FlowHash{secret}) {}

TransactionId Transactions::id_of(std::uint32_t index, std::uint32_t generation) {
  return {std::uint64_t{generation} << 32U | index};
}

std::uint32_t Transactions::index_of(TransactionId id) const {
  const auto index = static_cast<std::uint32_t>(id.value);
  if (index >= slots_.size() || slots_[index].key.text.empty()) return none;
  return slots_[index].generation == id.value >> 32U ? index : none;
}

std::uint32_t Transactions::take_slot(Kind kind, Reliability reliability) {
  if (free_.empty()) {
    slots_.emplace_back(kind, reliability).generation = 1;
    return static_cast<std::uint32_t>(slots_.size() - 1);
  }
  const std::uint32_t index = free_.back();
  free_.pop_back();
  const std::uint32_t generation = slots_[index].generation + 1;
  slots_[index] = Slot{kind, reliability};
  slots_[index].generation = std::max(generation, 1U);
  return index;
}

TransactionId Transactions::begin(Beginning beginning, Time now) {
  const Reliability reliability =
      is_stream(beginning.flow.transport) ? Reliability::reliable : Reliability::unreliable;
  const std::uint32_t index = take_slot(beginning.kind, reliability);
  Slot& slot = slots_[index];
  slot.key = std::move(beginning.key);
  ensure(!slot.key.text.empty());
  enter(index);
  slot.flow = beginning.flow;
  slot.bytes = std::move(beginning.bytes);
  ++(is_client(beginning.kind) ? clients_ : servers_);
  link(index);
  const TransactionId id = id_of(index, slot.generation);
  bool passed_up = false;
  perform(index, slot.machine.start(timers_), now, passed_up);
  if (!needs_bytes(slot.machine)) slot.bytes = {};
  arm(index);
  return id;
}

std::optional<TransactionId> Transactions::find(const Key& key) const {
  std::uint32_t index = buckets_[key.hash & (buckets_.size() - 1)];
  while (index != none && slots_[index].key != key) index = slots_[index].next;
  if (index == none && !second_keys_.empty()) {
    const auto second = second_keys_.find(key.text);
    if (second != second_keys_.end()) index = second->second;
  }
  if (index == none) return std::nullopt;
  return id_of(index, slots_[index].generation);
}

const Machine* Transactions::machine(TransactionId id) const {
  const std::uint32_t index = index_of(id);
  return index == none ? nullptr : &slots_[index].machine;
}

const Flow* Transactions::flow(TransactionId id) const {
  const std::uint32_t index = index_of(id);
  return index == none ? nullptr : &slots_[index].flow;
}

std::string_view Transactions::bytes(TransactionId id) const {
  const std::uint32_t index = index_of(id);
  return index == none ? std::string_view{} : slots_[index].bytes;
}

bool Transactions::on(TransactionId id, Event event, Time now, std::optional<std::string> bytes) {
  const std::uint32_t index = index_of(id);
  ensure(index != none);
  Slot& slot = slots_[index];
  if (bytes && slot.machine.heeds(event)) slot.bytes = std::move(*bytes);
  bool passed_up = false;
  apply(index, event, now, {}, passed_up);
  return passed_up;
}

bool Transactions::needs_second_key(TransactionId id) const {
  const std::uint32_t index = index_of(id);
  return index != none && is_by_headers(slots_[index].key);
}

void Transactions::add_key(TransactionId id, std::string_view to_tag) {
  const std::uint32_t index = index_of(id);
  ensure(index != none);
  Slot& slot = slots_[index];
  if (slot.second_key != nullptr) return;
  Key key = acknowledged_key(slot.key, to_tag, secret_);
  if (find(key)) return;
  slot.second_key = &second_keys_.try_emplace(std::move(key.text), index).first->first;
}

void Transactions::set_timers(TransactionId id, const Timers& timers, Time now) {
  const std::uint32_t index = index_of(id);
  ensure(index != none);
  ensure(timers.t1 > Duration::zero() && timers.t2 > Duration::zero());
  own_timers_.insert_or_assign(index, timers);
  Slot& slot = slots_[index];
  slot.has_own_timers = true;
  if (slot.repeat_at != never) slot.repeat_at = now + slot.machine.restart(slot.repeat, timers);
  if (slot.expire_at != never) slot.expire_at = now + slot.machine.restart(slot.expire, timers);
  arm(index);
}

const Timers* Transactions::timers(TransactionId id) const {
  const std::uint32_t index = index_of(id);
  return index == none ? nullptr : &timers_of(slots_[index], index);
}

void Transactions::forget(TransactionId id) {
  const std::uint32_t index = index_of(id);
  if (index == none) return;
  release(index);
  listener_.ended(id, Ending::dropped, {});
}

void Transactions::transport_failed(const Flow& flow, Which which, std::error_code error) {
  const auto first = first_on_flow_.find(identity(flow));
  if (first == first_on_flow_.end()) return;
  std::uint32_t next = none;
  for (std::uint32_t index = first->second; index != none; index = next) {
    next = slots_[index].after;
    if (which == Which::clients && !is_client(slots_[index].machine.kind())) continue;
    bool passed_up = false;
    apply(index, Event::transport_error, Time{}, error, passed_up);
  }
}

void Transactions::move(TransactionId id, const Flow& to) {
  const std::uint32_t index = index_of(id);
  if (index == none) return;
  unlink(index);
  slots_[index].before = slots_[index].after = none;
  const Address local = slots_[index].flow.local;
  slots_[index].flow = to;
  slots_[index].flow.local = local;
  link(index);
}

bool Transactions::fire(Time now) {
  const std::optional<std::uint32_t> expired = wheel_.expired(now);
  if (!expired) return false;
  Slot& slot = slots_[*expired];
  bool passed_up = false;
  // Where both are due, the last timer of a transaction comes before another retransmission.
  if (slot.expire_at <= now) {
    slot.expire_at = never;
    apply(*expired, slot.expire, now, {}, passed_up);
  } else if (slot.repeat_at <= now) {
    slot.repeat_at = never;
    apply(*expired, slot.repeat, now, {}, passed_up);
  } else {
    arm(*expired);
  }
  return true;
}

void Transactions::apply(std::uint32_t index, Event event, Time now, std::error_code error,
                         bool& passed_up) {
  Slot& slot = slots_[index];
  const Effects effects = slot.machine.on(event, timers_of(slot, index));
  perform(index, effects, now, passed_up);
  if (!slot.machine.ended()) {
    if (!needs_bytes(slot.machine)) slot.bytes = {};
    arm(index);
    return;
  }
  const TransactionId id = id_of(index, slot.generation);
  release(index);
  Ending how = Ending::complete;
  for (const Effect& effect : effects)
    if (const auto* report = std::get_if<Report>(&effect)) how = report->how;
  listener_.ended(id, how, error);
}

void Transactions::perform(std::uint32_t index, const Effects& effects, Time now, bool& passed_up) {
  Slot& slot = slots_[index];
  // Nothing is there before the first response, nor where no ACK could be made.
  const auto send = [&] {
    if (!slot.bytes.empty()) listener_.send(slot.flow, slot.bytes);
  };
  for (const Effect& effect : effects) {
    std::visit(Overloaded{
                   [&](const SendRequest&) { send(); }, [&](const SendAck&) { send(); },
                   [&](const SendResponse&) { send(); }, [&](const PassUp&) { passed_up = true; },
                   [&](const StartTimer& timer) { start_timer(slot, timer, now); },
                   [&](const StopTimer&) { slot.repeat_at = never; },
                   [&](const Report&) {},  // when the transaction is gone
               },
               effect);
  }
}

void Transactions::start_timer(Slot& slot, const StartTimer& timer, Time now) {
  if (is_repeating(timer.event)) {
    slot.repeat = timer.event;
    slot.repeat_at = now + timer.after;
  } else {
    slot.expire = timer.event;
    slot.expire_at = now + timer.after;
  }
}

void Transactions::arm(std::uint32_t index) {
  wheel_.set(index, std::min(slots_[index].repeat_at, slots_[index].expire_at));
}

void Transactions::enter(std::uint32_t index) {
  if (slots_.size() - free_.size() > buckets_.size()) {
    // All anew in twice as many: on the whole, one step for each that began.
    buckets_.assign(2 * buckets_.size(), none);
    for (std::uint32_t each = 0; each < slots_.size(); ++each)
      if (each != index && !slots_[each].key.text.empty())
        slots_[each].next = std::exchange(bucket_of(slots_[each].key), each);
  }
  slots_[index].next = std::exchange(bucket_of(slots_[index].key), index);
}

void Transactions::leave(std::uint32_t index) {
  std::uint32_t* at = &bucket_of(slots_[index].key);
  while (*at != index) at = &slots_[*at].next;
  *at = slots_[index].next;
}

void Transactions::link(std::uint32_t index) {
  Slot& slot = slots_[index];
  if (!may_lose_transport(slot)) return;
  const auto [entry, inserted] = first_on_flow_.try_emplace(identity(slot.flow), index);
  if (inserted) return;
  slot.after = std::exchange(entry->second, index);
  slots_[slot.after].before = index;
}

void Transactions::unlink(std::uint32_t index) {
  const Slot& slot = slots_[index];
  if (!may_lose_transport(slot)) return;
  if (slot.after != none) slots_[slot.after].before = slot.before;
  if (slot.before != none) {
    slots_[slot.before].after = slot.after;
    return;
  }
  const auto first = first_on_flow_.find(identity(slot.flow));
  if (slot.after != none)
    first->second = slot.after;
  else
    first_on_flow_.erase(first);
}

void Transactions::release(std::uint32_t index) {
  Slot& slot = slots_[index];
  unlink(index);
  wheel_.stop(index);
  if (slot.second_key != nullptr) second_keys_.erase(second_keys_.find(*slot.second_key));
  leave(index);
  --(is_client(slot.machine.kind()) ? clients_ : servers_);
  if (slot.has_own_timers) own_timers_.erase(index);
  slot.key = {};
  slot.second_key = nullptr;
  slot.bytes = {};
  free_.push_back(index);
}

}  // namespace kith::transaction
