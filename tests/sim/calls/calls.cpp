#include "tests/sim/calls/calls.h"

#include <string_view>

#include "tests/sim/calls/people.h"
#include "tests/sim/calls/registrant.h"

namespace kith::calls {
namespace {

using ua::testing::ProxyNode;
using ua::testing::Weather;

constexpr Weather storm{.lost = 10, .duplicated = 5, .late = 20, .delay = 10ms};
constexpr std::uint64_t people_of_seed = 0x9e3779b97f4a7c15U;

std::string first_line(std::string_view bytes) {
  return std::string{bytes.substr(0, bytes.find('\r'))};
}

/// What somebody sets out to do, with whom is behind that port.
void begin_something(Person& who, Agenda& agenda, std::uint16_t port, std::string_view registrar) {
  const std::uint64_t kind = agenda.below(100);
  if (kind < 55) return who.call(port);
  if (kind < 80) return who.subscribe(port);
  if (kind < 90) return who.ask("REGISTER", port, registrar);
  who.ask("MESSAGE", port, "bob");
}

/// Alice reaches bob and carol, who share a name, through two proxies.
struct Chain {
  explicit Chain(std::uint64_t seed) : net(seed, storm), agenda(net, seed ^ people_of_seed) {
    one.places["bob"] = {{.port = two.port(), .uri = two.uri("bob")}};
    one.places["registrar"] = {{.port = two.port(), .uri = two.uri("registrar")}};
    two.places["registrar"] = {{.port = bob.node.port(), .uri = bob.node.uri("registrar")}};
    two.places["bob"] = {{.port = bob.node.port(), .uri = bob.node.uri("bob")},
                         {.port = carol.node.port(), .uri = carol.node.uri("bob")}};
    if (agenda.chance(30)) two.places["bob"][1].q = {500};
  }

  Net net;
  Agenda agenda;
  Person alice{net, agenda, 5060};
  ProxyNode one{net, 5070};
  ProxyNode two{net, 5080};
  Person bob{net, agenda, 6050};
  Person carol{net, agenda, 6060};
  Registrant registration{alice, net, agenda, one.port()};

  void plan() {
    for (std::uint64_t deeds = 1 + agenda.below(3); deeds > 0; --deeds)
      agenda.after(agenda.between(0s, 40s),
                   [this] { begin_something(alice, agenda, one.port(), "registrar"); });
    if (agenda.chance(30)) agenda.after(agenda.between(0s, 40s), [this] { registration.start(); });
    // Once in a while somebody loses the network for good.
    if (agenda.chance(10))
      agenda.after(agenda.between(0s, 60s), [this] { carol.node.gone = true; });
  }
  void judge(Outcome& outcome) const;
};

/// Alice and bob, each of whom begins things with the other.
struct Pair {
  explicit Pair(std::uint64_t seed) : net(seed, storm), agenda(net, seed ^ people_of_seed) {}

  Net net;
  Agenda agenda;
  Person alice{net, agenda, 5060};
  Person bob{net, agenda, 6050};
  Registrant registration{alice, net, agenda, bob.node.port()};

  void plan() {
    for (Person* const who : {&alice, &bob}) {
      const std::uint16_t other = (who == &alice ? bob : alice).node.port();
      for (std::uint64_t deeds = agenda.below(4); deeds > 0; --deeds)
        agenda.after(agenda.between(0s, 20s),
                     [this, who, other] { begin_something(*who, agenda, other, "registrar"); });
    }
    if (agenda.chance(50)) agenda.after(agenda.between(0s, 40s), [this] { registration.start(); });
    if (agenda.chance(10)) agenda.after(agenda.between(0s, 60s), [this] { bob.node.gone = true; });
  }
  void judge(Outcome& outcome) const;
};

void judge(const Person& person, std::string_view name, Outcome& outcome) {
  person.account.judge(name, outcome.failures);
  for (const auto& [reason, count] : person.account.reasons()) outcome.reasons[reason] += count;
  outcome.calls += person.calls;
  outcome.answered += person.answered;
  const ua::AgentCounts left = person.node.agent.counts();
  if (left != ua::AgentCounts{})
    outcome.failures.push_back(std::string{name} + " has left: " + std::to_string(left.dialogs) +
                               " dialogs, " + std::to_string(left.requests) + " requests, " +
                               std::to_string(left.endpoint.client_transactions) + " client and " +
                               std::to_string(left.endpoint.server_transactions) +
                               " server transactions");
}

void judge(const ProxyNode& node, std::string_view name, std::vector<std::string>& failures) {
  if (node.proxy.counts() != ua::ProxyCounts{})
    failures.push_back(std::string{name} +
                       " has left: " + std::to_string(node.proxy.counts().contexts) + " contexts");
  const std::size_t began = node.all<ua::ProxyRequest>().size();
  const std::size_t ended = node.all<ua::ProxyEnded>().size();
  if (began != ended)
    failures.push_back(std::string{name} + ": " + std::to_string(began) + " requests, " +
                       std::to_string(ended) + " ended");
}

void Chain::judge(Outcome& outcome) const {
  calls::judge(alice, "alice", outcome);
  calls::judge(bob, "bob", outcome);
  calls::judge(carol, "carol", outcome);
  calls::judge(one, "the first proxy", outcome.failures);
  calls::judge(two, "the second proxy", outcome.failures);
  registration.judge("alice", outcome.failures);
  outcome.registered += registration.times_registered();
}

void Pair::judge(Outcome& outcome) const {
  calls::judge(alice, "alice", outcome);
  calls::judge(bob, "bob", outcome);
  registration.judge("alice", outcome.failures);
  outcome.registered += registration.times_registered();
}

template <class World>
Outcome run_world(std::uint64_t seed, const Trace& trace) {
  World world(seed);
  Outcome outcome;
  const Time start = world.net.now;
  world.net.loses = [&](std::uint16_t from, std::uint16_t to, std::string_view bytes) {
    ++outcome.datagrams;
    if (trace)
      trace(std::to_string(
                std::chrono::duration_cast<std::chrono::milliseconds>(world.net.now - start)
                    .count()) +
            " ms " + std::to_string(from) + " > " + std::to_string(to) + "  " + first_line(bytes));
    return false;
  };
  world.plan();
  world.agenda.run();
  // Timers C and those of an INVITE that nobody answers are the longest; what an answer or a timer
  // still sets going goes on the agenda.
  for (int hours = 0; hours < 2; ++hours) {
    world.net.wait(1h);
    world.agenda.run();
  }
  world.net.wait(48h);
  world.judge(outcome);
  return outcome;
}

}  // namespace

Outcome run(std::uint64_t seed, const Trace& trace) {
  return seed % 4 == 0 ? run_world<Pair>(seed, trace) : run_world<Chain>(seed, trace);
}

}  // namespace kith::calls
