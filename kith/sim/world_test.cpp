#include "kith/sim/world.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace kith::sim {
namespace {

const Address here = Address::v4(192, 0, 2, 1, 5060);
const Address there = Address::v4(192, 0, 2, 2, 5060);

// A server that answers everything with 200, and a client that counts its answers.
struct Pair {
  explicit Pair(std::uint64_t seed) : world(seed) {
    world.add(server, there);
    world.add(client, here);
  }

  World world;
  std::size_t served = 0;
  std::size_t answered = 0;
  std::size_t failed = 0;
  std::vector<ua::FlowClosed> closed;
  EndpointNode server{{.connection_timer = {}, .idle_timer = {}},
                      world.random(),
                      [this](ua::Notice notice, Time now) {
                        if (const auto* request = std::get_if<ua::RequestReceived>(&notice)) {
                          ++served;
                          server.endpoint.respond(request->transaction,
                                                  sip::Message::response(request->request, 200),
                                                  now);
                        }
                      }};
  EndpointNode client{
      {.connection_timer = {}, .idle_timer = {}}, world.random(), [this](ua::Notice notice, Time) {
        answered += std::holds_alternative<ua::ResponseReceived>(notice);
        failed += std::holds_alternative<ua::Ended>(notice);
        if (const auto* end = std::get_if<ua::FlowClosed>(&notice)) closed.push_back(*end);
      }};

  void ask(const Flow& flow, int count) {
    for (int i = 0; i < count; ++i) {
      sip::Message message = sip::Message::request("MESSAGE", "sip:bob@example.com");
      message.add("From", "<sip:alice@example.com>;tag=1");
      message.add("To", "<sip:bob@example.com>");
      message.add("Call-ID", "call");
      message.add("CSeq", std::to_string(i + 1) + " MESSAGE");
      client.endpoint.request(flow, message, world.now());
    }
    world.drain();
  }
  bool empty() const {
    return client.endpoint.counts() == ua::Counts{} && server.endpoint.counts() == ua::Counts{};
  }
};

}  // namespace

TEST_CASE("over a link that loses, doubles and reorders each request is served once") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    Pair pair{seed};
    pair.world.set_link({.loss = 30, .duplication = 20, .delay = 20ms, .jitter = 200ms});
    pair.ask(World::datagrams(here, there), 20);
    CHECK(pair.world.run_until_quiet(World::beginning + 5min));
    CHECK(pair.served == 20);
    CHECK(pair.answered == 20);
    CHECK(pair.failed == 0);
    CHECK(pair.empty());
  }
}

TEST_CASE("over a link that loses everything a request times out") {
  Pair pair{1};
  pair.world.set_link(here, there, {.loss = 100});
  pair.ask(World::datagrams(here, there), 1);
  CHECK(pair.world.run_until_quiet(World::beginning + 5min));
  CHECK(pair.failed == 1);
  CHECK(pair.world.sent().size() == 11);
  CHECK(pair.empty());
}

TEST_CASE("a stream that arrives in pieces gives the same messages") {
  Pair pair{3};
  pair.world.set_link({.delay = 5ms, .jitter = 5ms, .piece_max = 7});
  const auto flow = pair.world.connect(here, there);
  REQUIRE(flow);
  pair.ask(*flow, 10);
  pair.world.run_for(10s);
  CHECK(pair.served == 10);
  CHECK(pair.answered == 10);
  CHECK(pair.server.endpoint.counts().connections == 1);
}

TEST_CASE("both ends hear that a connection is cut, and what was under way is lost") {
  Pair pair{4};
  const auto flow = pair.world.connect(here, there, Transport::tls);
  REQUIRE(flow);
  pair.ask(*flow, 1);
  pair.world.cut(*flow);
  CHECK(pair.world.run_until_quiet(World::beginning + 5min));
  CHECK(pair.served == 0);
  CHECK(pair.failed == 1);
  CHECK(pair.closed.size() == 1);
  CHECK(pair.empty());
}

TEST_CASE("one end closes: the other hears it after all that was sent before") {
  Pair pair{5};
  const auto flow = pair.world.connect(here, there);
  REQUIRE(flow);
  pair.ask(*flow, 3);
  pair.client.endpoint.close(*flow);
  CHECK(pair.world.run_until_quiet(World::beginning + 5min));
  CHECK(pair.served == 3);
  CHECK(pair.failed == 3);
  CHECK(pair.empty());
}

TEST_CASE("one seed gives one play, to the byte") {
  const auto play = [](std::uint64_t seed) {
    Pair pair{seed};
    pair.world.set_link({.loss = 30, .duplication = 20, .jitter = 300ms});
    pair.ask(World::datagrams(here, there), 5);
    pair.world.run_until_quiet(World::beginning + 5min);
    return pair.world.sent();
  };
  CHECK(play(8) == play(8));
  CHECK(play(8) != play(9));
}

TEST_CASE("steps of a play happen at their times, in their order") {
  World world{1};
  std::string order;
  world.at(World::beginning + 2s, [&] { order += 'c'; });
  world.at(World::beginning + 1s, [&] { order += 'a'; });
  world.at(World::beginning + 1s, [&] { order += 'b'; });
  world.run_until(World::beginning + 1s);
  CHECK(order == "ab");
  CHECK(world.run_until_quiet(World::beginning + 1h));
  CHECK(order == "abc");
  CHECK_FALSE(world.connect(here, there));  // nobody is there
}

}  // namespace kith::sim
