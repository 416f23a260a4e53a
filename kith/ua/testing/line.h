#pragma once

#include <deque>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "kith/ua/user_agent.h"

namespace kith::ua::testing {

inline constexpr Time start = Time{} + 1'763'689'728s;

/// A user agent that remembers what came out of it.
struct Party {
  Party(const UserAgentConfig& config, std::uint64_t seed, std::string called, Flow to_other)
      : random(seed), agent(config, random), name(std::move(called)), flow(to_other) {}

  SeededRandom random;
  UserAgent agent;
  std::string name;
  Flow flow;  // to the other
  std::vector<Event> events{};
  std::vector<std::string> sent{};
  std::deque<std::string> under_way{};  // to the other
  std::function<bool(std::string_view)> loses = [](std::string_view) { return false; };

  template <class E>
  std::vector<E> all() const {
    std::vector<E> found;
    for (const Event& event : events)
      if (const auto* each = std::get_if<E>(&event)) found.push_back(*each);
    return found;
  }
  template <class E>
  const E& last() const {
    const E* found = nullptr;
    for (const Event& event : events)
      if (const auto* each = std::get_if<E>(&event)) found = each;
    if (found == nullptr) throw std::runtime_error(name + " saw no such event");
    return *found;
  }
  std::size_t sent_of(std::string_view start_of_line) const {
    std::size_t count = 0;
    for (const std::string& each : sent) count += each.starts_with(start_of_line) ? 1U : 0U;
    return count;
  }
};

/// Two user agents and a UDP path between them, in virtual time. Whatever is sent arrives at once,
/// unless it is lost.
struct Line {
  explicit Line(const UserAgentConfig& a = {}, const UserAgentConfig& b = {})
      : alice(a, 1, "alice", path(5060, 6050)), bob(b, 2, "bob", path(6050, 5060)) {}

  static Flow path(std::uint16_t from, std::uint16_t to) {
    return {.id = from,
            .transport = Transport::udp,
            .local = *Address::parse_host("127.0.0.1", from),
            .remote = *Address::parse_host("127.0.0.1", to)};
  }

  Time now = start;
  Party alice;
  Party bob;

  void drain(Party& party) {
    while (std::optional<AgentOutput> output = party.agent.poll()) {
      if (auto* send = std::get_if<Send>(&*output)) {
        party.sent.push_back(send->bytes);
        if (!party.loses(send->bytes)) party.under_way.push_back(std::move(send->bytes));
      } else if (auto* event = std::get_if<Event>(&*output)) {
        party.events.push_back(std::move(*event));
      }
    }
  }
  /// Until nothing is under way.
  void settle() {
    drain(alice);
    drain(bob);
    while (!alice.under_way.empty() || !bob.under_way.empty()) {
      deliver(alice, bob);
      deliver(bob, alice);
    }
  }
  /// Lets so much time go by.
  void wait(Duration duration) {
    const Time until = now + duration;
    settle();
    while (true) {
      const Time next = std::min(alice.agent.next_deadline(), bob.agent.next_deadline());
      if (next > until) break;
      now = std::max(now, next);
      alice.agent.tick(now);
      bob.agent.tick(now);
      settle();
    }
    now = until;
  }

 private:
  void deliver(Party& from, Party& to) {
    while (!from.under_way.empty()) {
      const std::string bytes = std::move(from.under_way.front());
      from.under_way.pop_front();
      to.agent.receive(to.flow, bytes, now);
      drain(to);
    }
  }
};

}  // namespace kith::ua::testing
