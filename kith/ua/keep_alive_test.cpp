#include "kith/ua/keep_alive.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "kith/ua/user_agent.h"

namespace kith::ua {
namespace {

constexpr Time start = Time{} + 1h;

Flow flow_of(Transport transport, std::uint64_t id = 7) {
  return {.id = id,
          .transport = transport,
          .local = *Address::parse_host("192.0.2.1", 5060),
          .remote = *Address::parse_host("192.0.2.2", 5060)};
}

/// A user agent with one connection, whose other end is the test.
struct Phone {
  explicit Phone(const Config& config = {})
      : agent({.endpoint = with_patience(config)}, random), now(start) {
    agent.opened(stream, now);
  }
  static Config with_patience(Config config) {
    config.connection_timer.reset();
    config.idle_timer.reset();
    return config;
  }

  SeededRandom random{1};
  UserAgent agent;
  Time now;
  Flow stream = flow_of(Transport::tcp);
  std::vector<Send> sent{};
  std::vector<Flow> closed{};
  std::vector<Event> events{};

  void drain() {
    while (std::optional<AgentOutput> output = agent.poll()) {
      if (auto* send = std::get_if<Send>(&*output)) sent.push_back(std::move(*send));
      if (auto* close = std::get_if<Close>(&*output)) closed.push_back(close->flow);
      if (auto* event = std::get_if<Event>(&*output)) events.push_back(std::move(*event));
    }
  }
  void receive(std::string_view bytes) {
    agent.receive(stream, bytes, now);
    drain();
  }
  void wait(Duration duration) {
    const Time until = now + duration;
    drain();
    while (agent.next_deadline() <= until) {
      now = std::max(now, agent.next_deadline());
      agent.tick(now);
      drain();
    }
    now = until;
  }
  void wait_for_ping() { wait(agent.next_deadline() - now); }
  std::size_t pongs() const {
    std::size_t count = 0;
    for (const Event& each : events) count += std::holds_alternative<PongReceived>(each) ? 1U : 0U;
    return count;
  }
};

constexpr std::string_view ping = "\r\n\r\n";
constexpr std::string_view pong = "\r\n";

TEST_CASE("RFC 5626 §4.4: between two pings there is between 80 and 100 percent of the time") {
  SeededRandom random(3);
  KeepAlive keep_alive;
  Time now = start;
  keep_alive.set(100s, now, random);
  Duration least = 100s;
  Duration most = 0s;
  for (int i = 0; i < 300; ++i) {
    const Duration pause = keep_alive.next() - now;
    least = std::min(least, pause);
    most = std::max(most, pause);
    CHECK(keep_alive.due(flow_of(Transport::tls), keep_alive.next() - 1ms, random) ==
          KeepAlive::Due::nothing);
    now = keep_alive.next();
    CHECK(keep_alive.due(flow_of(Transport::tls), now, random) == KeepAlive::Due::ping);
    keep_alive.pong(now, random);
  }
  CHECK((least >= 80s && least < 82s && most > 98s && most <= 100s));
  keep_alive.set(std::nullopt, now, random);
  CHECK(keep_alive.next() == never);
}

TEST_CASE("RFC 5626 §4.4.1: CR LF CR LF on a stream is answered with CR LF, and nothing else is") {
  Phone phone;
  phone.receive("\r\n\r");
  CHECK(phone.sent.empty());
  phone.receive("\n");
  REQUIRE(phone.sent.size() == 1);
  CHECK(phone.sent[0].bytes == pong);
  phone.receive("\r\n\r\n\r\n\r\n");
  CHECK(phone.sent.size() == 3);
  phone.receive("\r\n");  // half of one
  phone.agent.receive(flow_of(Transport::udp), ping, phone.now);
  phone.agent.receive(flow_of(Transport::tcp, 8), ping, phone.now);  // never opened
  phone.drain();
  CHECK(phone.sent.size() == 3);
  CHECK(phone.events.empty());

  Phone silent({.answers_pings = false});
  silent.receive(ping);
  CHECK(silent.sent.empty());
}

TEST_CASE("RFC 5626 §4.4.1: what comes after a ping of ours is its pong, and not half a ping") {
  Phone phone;
  for (std::size_t i = 1; i < 4; ++i) {
    phone.agent.ping(phone.stream, phone.now);
    phone.drain();
    REQUIRE(phone.sent.size() == i);
    CHECK(phone.sent.back().bytes == ping);
    phone.receive(pong);
    CHECK(phone.pongs() == i);
  }
  phone.agent.ping(phone.stream, phone.now);
  phone.receive("\r\n\r\n\r\n");  // theirs crossed with the pong
  CHECK(phone.pongs() == 4);
  CHECK(phone.sent.back().bytes == pong);
  phone.agent.ping(flow_of(Transport::tcp, 8), phone.now);
  phone.agent.ping(flow_of(Transport::udp), phone.now);
  phone.drain();
  CHECK(phone.sent.back().flow == flow_of(Transport::udp));
  CHECK(phone.sent.size() == 6);
}

TEST_CASE("RFC 5626 §4.4.1: a stream that brings no pong in ten seconds is closed") {
  Phone phone;
  phone.agent.keep_alive(phone.stream, 100s, phone.now);
  phone.wait_for_ping();
  REQUIRE(phone.sent.size() == 1);
  phone.wait(9s);
  phone.receive(pong);
  phone.wait_for_ping();
  REQUIRE(phone.sent.size() == 2);
  phone.receive("OPTIONS sip:a SIP/2.0\r\n");  // half a message is none
  phone.wait(9'999ms);
  CHECK(phone.closed.empty());
  phone.wait(1ms);
  CHECK(phone.closed == std::vector{phone.stream});
  CHECK(std::get<FlowClosed>(phone.events.back()).why == Closing::no_pong);
  CHECK(phone.agent.next_deadline() == never);
}

TEST_CASE("RFC 5626 §3.5.1: a pong that is none loses the stream") {
  for (const std::string_view bad : {"\rX", "\r\r\n"}) {
    Phone phone;
    phone.agent.keep_alive(phone.stream, 100s, phone.now);
    phone.wait_for_ping();
    phone.receive(bad);
    CHECK(phone.closed == std::vector{phone.stream});
    CHECK(std::get<FlowClosed>(phone.events.back()).why == Closing::malformed);
    phone.wait(1h);
    CHECK(phone.sent.size() == 1);
    CHECK(phone.agent.next_deadline() == never);
  }
}

TEST_CASE("RFC 5626 §4.4: who is told to stop pings no more, and a datagram has no pong") {
  Phone phone;
  const Flow datagrams = flow_of(Transport::udp);
  phone.agent.keep_alive(phone.stream, 100s, phone.now);
  phone.agent.keep_alive(phone.stream, std::nullopt, phone.now);
  phone.agent.keep_alive(phone.stream, std::nullopt, phone.now);
  phone.agent.keep_alive(datagrams, 29s, phone.now);
  phone.wait(95s);
  CHECK((phone.sent.size() == 3 || phone.sent.size() == 4));
  CHECK(phone.sent.back().flow == datagrams);
  CHECK(phone.closed.empty());
  phone.agent.keep_alive(datagrams, std::nullopt, phone.now);
  CHECK(phone.agent.next_deadline() == never);
}

}  // namespace
}  // namespace kith::ua
