#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kith::transaction {

/// The states of all four machines; each knows some of them.
enum class State : std::uint8_t {
  calling,
  trying,
  proceeding,
  completed,
  confirmed,
  accepted,  // RFC 6026 §7
  terminated,
};

/// What happens to a transaction.
enum class Event : std::uint8_t {
  // From the peer.
  request,      // the same request again
  ack,          // for an INVITE of the peer
  provisional,  // 1xx
  success,      // 2xx
  failure,      // 300 to 699
  // From the layer above, to be sent to the peer.
  answer_provisional,
  answer_success,
  answer_failure,
  // From the transport: what was to be sent cannot be.
  transport_error,
  // RFC 3261 Appendix A and RFC 6026 §8; the last two are ours.
  timer_a,
  timer_b,
  timer_c,
  timer_d,
  timer_e,
  timer_f,
  timer_g,
  timer_h,
  timer_i,
  timer_j,
  timer_k,
  timer_l,
  timer_m,
  timer_trying,  // an INVITE had no answer yet: it gets a 100
  timer_answer,  // the layer above has not given a final response
};

/// What a rule has done; a machine makes its effects of it.
enum class Action : std::uint8_t {
  none,
  send_request,
  send_ack,
  send_response,
  pass_up,
  report_timeout,
  report_transport_error,
  report_unanswered,
  start_timer_d,
  start_timer_g,
  start_timer_h,
  start_timer_i,
  start_timer_j,
  start_timer_k,
  start_timer_l,
  start_timer_m,
  restart_timer_a,        // twice as long
  restart_timer_c,        // as long
  restart_timer_e,        // twice as long, at most T2
  restart_timer_e_at_t2,  // T2
  restart_timer_g,        // twice as long, at most T2
  restart_timer_answer,   // as long
  stop_timer_trying,
};

inline constexpr std::size_t states = static_cast<std::size_t>(State::terminated) + 1;
inline constexpr std::size_t events = static_cast<std::size_t>(Event::timer_answer) + 1;

/// One line of a machine: in this state, on this event, go there and do that.
struct Rule {
  State state;
  Event event;
  State next;
  std::array<Action, 3> actions{};
};

/// Whether time alone brings it about.
constexpr bool is_timer(Event event) { return event >= Event::timer_a; }

/// Whether no state has two rules for one event, so that their order does not matter.
template <std::size_t size>
constexpr bool each_pair_once(const std::array<Rule, size>& rules) {
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (rules[i].state == rules[j].state && rules[i].event == rules[j].event) return false;
  return true;
}

namespace detail {

/// Whether every state of the table leads to `terminated` by rules whose events are `allowed`.
template <std::size_t size>
constexpr bool every_state_ends(const std::array<Rule, size>& rules, bool (*allowed)(Event)) {
  std::array<bool, states> ends{};
  ends[static_cast<std::size_t>(State::terminated)] = true;
  for (std::size_t round = 0; round < states; ++round)
    for (const Rule& rule : rules)
      if (allowed(rule.event) && ends[static_cast<std::size_t>(rule.next)])
        ends[static_cast<std::size_t>(rule.state)] = true;
  for (const Rule& rule : rules)
    if (!ends[static_cast<std::size_t>(rule.state)] || !ends[static_cast<std::size_t>(rule.next)])
      return false;
  return true;
}

}  // namespace detail

/// Whether `terminated` can be reached from every state, by events of any kind.
template <std::size_t size>
constexpr bool every_state_can_end(const std::array<Rule, size>& rules) {
  return detail::every_state_ends(rules, [](Event) { return true; });
}

/// Whether time alone ends it from every state: what neither the peer nor the layer above ever
/// touches again does not stay.
template <std::size_t size>
constexpr bool every_state_ends_in_time(const std::array<Rule, size>& rules) {
  return detail::every_state_ends(rules, is_timer);
}

/// The enumerator's own name.
std::string_view to_string(State state);
/// The same of an event: "timer_a".
std::string_view to_string(Event event);
/// The same of an action: "send_ack".
std::string_view to_string(Action action);

}  // namespace kith::transaction
