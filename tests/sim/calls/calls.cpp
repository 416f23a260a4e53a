#include "tests/sim/calls/calls.h"

#include <string_view>

#include "tests/sim/calls/people.h"

namespace kith::calls {
namespace {

using ua::testing::ProxyNode;
using ua::testing::Weather;

constexpr Weather storm{.lost = 10, .duplicated = 5, .late = 20, .delay = 10ms};
constexpr std::uint64_t people_of_seed = 0x9e3779b97f4a7c15U;

std::string first_line(std::string_view bytes) {
  return std::string{bytes.substr(0, bytes.find('\r'))};
}

struct World {
  explicit World(std::uint64_t seed) : net(seed, storm), agenda(net, seed ^ people_of_seed) {
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

  void plan() {
    for (std::uint64_t deeds = 1 + agenda.below(3); deeds > 0; --deeds)
      agenda.after(agenda.between(0s, 40s), [this, kind = agenda.below(100)] {
        if (kind < 60) return alice.call(one.port());
        if (kind < 80) return alice.subscribe(one.port());
        if (kind < 90) return alice.ask("REGISTER", one.port(), "registrar");
        alice.ask("MESSAGE", one.port(), "bob");
      });
    // Once in a while somebody loses the network for good.
    if (agenda.chance(10))
      agenda.after(agenda.between(0s, 60s), [this] { carol.node.gone = true; });
  }
};

void judge(const Person& person, std::string_view name, std::vector<std::string>& failures) {
  person.account.judge(name, failures);
  const ua::AgentCounts left = person.node.agent.counts();
  if (left != ua::AgentCounts{})
    failures.push_back(std::string{name} + " has left: " + std::to_string(left.dialogs) +
                       " dialogs, " + std::to_string(left.requests) + " requests, " +
                       std::to_string(left.endpoint.client_transactions) + " client and " +
                       std::to_string(left.endpoint.server_transactions) + " server transactions");
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

}  // namespace

Outcome run(std::uint64_t seed, const Trace& trace) {
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
  outcome.calls = world.alice.calls;
  outcome.answered = world.alice.answered;
  judge(world.alice, "alice", outcome.failures);
  judge(world.bob, "bob", outcome.failures);
  judge(world.carol, "carol", outcome.failures);
  judge(world.one, "the first proxy", outcome.failures);
  judge(world.two, "the second proxy", outcome.failures);
  return outcome;
}

}  // namespace kith::calls
