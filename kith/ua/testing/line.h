#pragma once

#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "kith/ua/testing/heard.h"
#include "kith/ua/user_agent.h"

namespace kith::ua::testing {

/// A user agent that remembers what came out of it.
struct Party : Heard<Event> {
  Party(const UserAgentConfig& config, std::uint64_t seed, std::string called, Flow to_other)
      : random(seed), agent(config, random), name(std::move(called)), flow(to_other) {}

  SeededRandom random;
  UserAgent agent;
  std::string name;
  Flow flow;  // to the other
  std::vector<std::string> sent{};
  std::deque<std::string> under_way{};  // to the other
  std::function<bool(std::string_view)> loses = [](std::string_view) { return false; };

  std::size_t sent_of(std::string_view start_of_line) const {
    std::size_t count = 0;
    for (const std::string& each : sent) count += each.starts_with(start_of_line) ? 1U : 0U;
    return count;
  }
};

/// Of alice, outside of dialogs.
inline sip::Message to_bob(std::string_view method, std::string_view extra = {}) {
  std::string text{method};
  text.append(" sip:bob@127.0.0.1:6050 SIP/2.0\r\n")
      .append("From: <sip:alice@127.0.0.1:5060>;tag=a1\r\nTo: <sip:bob@127.0.0.1:6050>\r\n")
      .append("Call-ID: c1\r\nCSeq: 1 ")
      .append(method)
      .append("\r\nContact: <sip:alice@127.0.0.1:5060>\r\n")
      .append(extra)
      .append("Content-Length: 0\r\n\r\n");
  return *sip::Message::parse(text);
}

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
