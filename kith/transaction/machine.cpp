#include "kith/transaction/machine.h"

#include <algorithm>
#include <utility>

#include "kith/transaction/rules.h"

namespace kith::transaction {
namespace {

State first_state(Kind kind) {
  switch (kind) {
    case Kind::client_invite:
      return State::calling;
    case Kind::client_other:
      return State::trying;
    case Kind::server_invite:
      return State::proceeding;
    case Kind::server_other:
      return State::trying;
  }
  std::unreachable();
}

/// By state and event, where the rule stands in its table, counted from 1; 0 where there is none.
using Places = std::array<std::array<std::uint8_t, events>, states>;

template <std::size_t size>
constexpr Places places_in(const std::array<Rule, size>& rules) {
  Places places{};
  for (std::size_t i = 0; i < size; ++i)
    places[static_cast<std::size_t>(rules[i].state)][static_cast<std::size_t>(rules[i].event)] =
        static_cast<std::uint8_t>(i + 1);
  return places;
}

/// In the order of Kind.
constexpr std::array places{places_in(rules::client_invite), places_in(rules::client_other),
                            places_in(rules::server_invite), places_in(rules::server_other)};

/// Null where there is none.
const Rule* find_rule(Kind kind, State state, Event event) {
  const std::uint8_t place = places[static_cast<std::size_t>(kind)][static_cast<std::size_t>(state)]
                                   [static_cast<std::size_t>(event)];
  return place == 0 ? nullptr : &rules_of(kind)[place - 1U];
}

}  // namespace

std::span<const Rule> rules_of(Kind kind) {
  switch (kind) {
    case Kind::client_invite:
      return rules::client_invite;
    case Kind::client_other:
      return rules::client_other;
    case Kind::server_invite:
      return rules::server_invite;
    case Kind::server_other:
      return rules::server_other;
  }
  std::unreachable();
}

bool is_repeating(Event timer) {
  return timer == Event::timer_a || timer == Event::timer_e || timer == Event::timer_g ||
         timer == Event::timer_trying;
}

Event received_event(int status) {
  if (status < 200) return Event::provisional;
  return status < 300 ? Event::success : Event::failure;
}

Event answered_event(int status) {
  if (status < 200) return Event::answer_provisional;
  return status < 300 ? Event::answer_success : Event::answer_failure;
}

Machine::Machine(Kind kind, Reliability reliability)
    : kind_(kind), state_(first_state(kind)), reliability_(reliability) {}

Effects Machine::start(const Timers& timers) {
  const bool repeats = reliability_ == Reliability::unreliable;
  Effects effects;
  pause_ = timers.t1;
  switch (kind_) {
    case Kind::client_invite:
      effects.add(SendRequest{});
      if (repeats) effects.add(StartTimer{Event::timer_a, pause_});
      effects.add(StartTimer{Event::timer_b, 64 * timers.t1});
      break;
    case Kind::client_other:
      effects.add(SendRequest{});
      if (repeats) effects.add(StartTimer{Event::timer_e, pause_});
      effects.add(StartTimer{Event::timer_f, 64 * timers.t1});
      break;
    case Kind::server_invite:
      effects.add(PassUp{});
      effects.add(StartTimer{Event::timer_trying, timers.trying});
      effects.add(StartTimer{Event::timer_answer, timers.answer_invite});
      break;
    case Kind::server_other:
      effects.add(PassUp{});
      effects.add(StartTimer{Event::timer_answer, timers.answer});
      break;
  }
  return effects;
}

Effects Machine::on(Event event, const Timers& timers) {
  Effects effects;
  if (const Rule* const rule = find_rule(kind_, state_, event)) {
    state_ = rule->next;
    for (const Action action : rule->actions) perform(action, timers, effects);
  }
  return effects;
}

Duration Machine::restart(Event timer, const Timers& timers) {
  pause_ = timers.t1;
  switch (timer) {
    case Event::timer_a:
    case Event::timer_g:
      return timers.t1;
    case Event::timer_e:
      return state_ == State::proceeding ? timers.t2 : timers.t1;  // RFC 3261 §17.1.2.2
    case Event::timer_c:
      return timers.c;
    case Event::timer_d:
      return timers.d;
    case Event::timer_i:
    case Event::timer_k:
      return timers.t4;
    case Event::timer_trying:
      return timers.trying;
    case Event::timer_answer:
      return kind_ == Kind::server_invite ? timers.answer_invite : timers.answer;
    default:
      return 64 * timers.t1;  // B, F, H, J, L and M
  }
}

bool Machine::heeds(Event event) const { return find_rule(kind_, state_, event) != nullptr; }

void Machine::perform(Action action, const Timers& timers, Effects& effects) {
  const Duration once = 64 * timers.t1;
  const bool reliable = reliability_ == Reliability::reliable;
  const auto if_unreliable = [&](Duration after) { return reliable ? Duration{} : after; };
  switch (action) {
    case Action::none:
      break;
    case Action::send_request:
      effects.add(SendRequest{});
      break;
    case Action::send_ack:
      effects.add(SendAck{});
      break;
    case Action::send_response:
      effects.add(SendResponse{});
      break;
    case Action::pass_up:
      effects.add(PassUp{});
      break;
    case Action::report_timeout:
      effects.add(Report{Ending::timed_out});
      break;
    case Action::report_transport_error:
      effects.add(Report{Ending::transport_error});
      break;
    case Action::report_unanswered:
      effects.add(Report{Ending::unanswered});
      break;
    case Action::start_timer_d:
      return start_timer(Event::timer_d, if_unreliable(timers.d), effects);
    case Action::start_timer_g:
      pause_ = timers.t1;
      if (!reliable) effects.add(StartTimer{Event::timer_g, pause_});
      break;
    case Action::start_timer_h:
      return start_timer(Event::timer_h, once, effects);
    case Action::start_timer_i:
      return start_timer(Event::timer_i, if_unreliable(timers.t4), effects);
    case Action::start_timer_j:
      return start_timer(Event::timer_j, if_unreliable(once), effects);
    case Action::start_timer_k:
      return start_timer(Event::timer_k, if_unreliable(timers.t4), effects);
    case Action::start_timer_l:
      return start_timer(Event::timer_l, once, effects);
    case Action::start_timer_m:
      return start_timer(Event::timer_m, once, effects);
    case Action::restart_timer_a:
      pause_ *= 2;
      effects.add(StartTimer{Event::timer_a, pause_});
      break;
    case Action::restart_timer_c:
      return effects.add(StartTimer{Event::timer_c, timers.c});
    case Action::restart_timer_e:
      pause_ = std::min(2 * pause_, timers.t2);
      effects.add(StartTimer{Event::timer_e, pause_});
      break;
    case Action::restart_timer_e_at_t2:
      effects.add(StartTimer{Event::timer_e, timers.t2});
      break;
    case Action::restart_timer_g:
      pause_ = std::min(2 * pause_, timers.t2);
      effects.add(StartTimer{Event::timer_g, pause_});
      break;
    case Action::restart_timer_answer:
      return effects.add(StartTimer{Event::timer_answer, timers.answer_invite});
    case Action::stop_timer_trying:
      effects.add(StopTimer{Event::timer_trying});
      break;
  }
}

void Machine::start_timer(Event event, Duration after, Effects& effects) {
  if (after > Duration::zero())
    effects.add(StartTimer{event, after});
  else
    state_ = State::terminated;  // D, I, J and K: they only wait, and their rule does nothing
}

}  // namespace kith::transaction
