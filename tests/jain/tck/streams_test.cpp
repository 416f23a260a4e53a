// The behavioural tests of the reference implementation that are about connections.

#include <array>
#include <span>

#include "tests/jain/tck/net.h"

namespace kith::ua::tck {
namespace {

UserAgentConfig idle_after(Duration duration) {
  UserAgentConfig config;
  config.endpoint.connection_timer.reset();
  config.endpoint.idle_timer = duration;
  return config;
}

UserAgentConfig never_idle() {
  UserAgentConfig config = idle_after(1s);
  config.endpoint.idle_timer.reset();
  return config;
}

TEST_CASE("NIOIdleTimeoutTest: an idle connection is closed, and the next request makes another") {
  Call call(Transport::tcp, never_idle(), idle_after(4s));
  call.ask({.method = "MESSAGE"});
  call.answer(200);
  call.net.wait(10s);
  CHECK(call.bob.last<FlowClosed>().why == Closing::idle);
  call.ask({.method = "MESSAGE", .sequence = 2});
  CHECK(call.bob.request_count("MESSAGE") == 2);
}

TEST_CASE("NIOParsingTest: garbage ends its own connection and nothing else") {
  Call call(Transport::tcp);
  Node& carol = call.net.add("carol");
  call.ask({.method = "MESSAGE"});
  for (const std::string_view garbage :
       {"\0\x01\x02\xff garbage\r\n\r\n", "INVITE\r\nContent-Length: -1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: b.example\r\n\r\n"}) {
    CAPTURE(garbage);
    call.net.inject(carol, call.bob, garbage);
    CHECK(call.bob.request_count("MESSAGE") == 1);
  }
  CHECK_FALSE(call.bob.all<Refused>().empty());
  call.answer(200);
  CHECK(call.alice.last_status() == 200);
}

/// Bob, who waits 4 s for a sign of life, and Alice, who gives one every 2 s.
struct Pinged : Call {
  Pinged() : Call(Transport::tcp, never_idle(), idle_after(4s)) {
    ask({.method = "MESSAGE"});
    answer(200);
  }
  void ping(int times) {
    for (int i = 0; i < times; ++i) {
      net.wait(2s);
      net.inject(alice, bob, "\r\n\r\n");
    }
  }
};

TEST_CASE("RFC5626KeepAliveTest.testKeepAlive: who pings in time stays connected") {
  Pinged call;
  call.ping(10);
  CHECK(call.bob.all<FlowClosed>().empty());
  CHECK(call.alice.all<FlowClosed>().empty());
  CHECK(call.bob.all<Request>().size() == 1);
}

TEST_CASE("RFC5626KeepAliveTest.testNoPings: who stops to ping is disconnected") {
  Pinged call;
  call.ping(1);
  call.net.wait(5s);
  CHECK(call.bob.last<FlowClosed>().why == Closing::idle);
  CHECK(call.alice.last<FlowClosed>().why == Closing::by_peer);
}

TEST_CASE("RFC5626KeepAliveTest.testNoPong: whose pings have no pong is left by who pings") {
  Call call(Transport::tcp, never_idle(), never_idle());
  const Flow flow = call.net.flow(call.alice, call.bob);
  call.alice.agent.keep_alive(flow, 2s, call.net.now);
  call.net.wait(10s);
  CHECK(call.alice.all<PongReceived>().size() >= 5);
  CHECK(call.alice.all<FlowClosed>().empty());
  silence(call.alice);
  call.bob.loses = call.alice.loses;
  call.net.wait(13s);
  CHECK(call.alice.last<FlowClosed>().why == Closing::no_pong);
}

TEST_CASE("RFC5626KeepAliveTest.testShortened: pings come more often from when that is wanted") {
  Call call(Transport::tcp, never_idle(), never_idle());
  const Flow flow = call.net.flow(call.alice, call.bob);
  call.alice.agent.keep_alive(flow, 3s, call.net.now);
  call.net.wait(9s);
  const std::size_t before = call.alice.all<PongReceived>().size();
  CHECK(before <= 3);
  call.alice.agent.keep_alive(flow, 1s, call.net.now);
  call.net.wait(9s);
  CHECK(call.alice.all<PongReceived>().size() >= before + 8);
}

const std::array streams{Transport::tcp, Transport::tls};

TEST_CASE("ReconnectTCPTest: answers come over a new connection, and the ACK goes back over it") {
  UserAgentConfig config;
  config.endpoint.outlives_connections = true;
  for (const Transport transport : streams) {
    CAPTURE(to_string(transport));
    Call call(transport, {}, config);
    const TransactionId invite = call.ask();
    const Flow broken = call.net.flow(call.alice, call.bob);
    call.net.lose(call.bob, call.alice);
    CHECK(call.bob.all<FlowClosed>().size() == 1);
    CHECK(call.bob.all<TransactionEnded>().empty());
    for (const int status : {180, 200}) {
      call.answer(status);
      CHECK(call.net.send_stranded(call.bob) == 1);
      CHECK(call.alice.last_status() == status);
      CHECK(call.alice.last<Response>().transaction == invite);
      CHECK(call.alice.last<Response>().flow.id != broken.id);
    }
    call.acknowledge();
    CHECK(call.bob.all<Ack>().size() == 1);
    CHECK(call.bob.last<Ack>().flow == call.net.flow(call.bob, call.alice));
    CHECK(call.dialog_of(call.bob, call.bobs()).state() == dialog::State::confirmed);

    // What Alice hears of the first connection then is of no account.
    call.alice.closed(broken, std::make_error_code(std::errc::connection_reset));
    call.net.wait(40s);
    CHECK(call.net.send_stranded(call.bob) == 0);
    CHECK(call.alice.all<DialogEnded>().empty());
    for (const TransactionEnded& each : call.alice.all<TransactionEnded>())
      CHECK(each.why == Ending::complete);
    call.hang_up(call.alice, call.alices());
    call.net.nothing_is_left();
  }
}

TEST_CASE("ReconnectTCPTest: a caller that hears of the break first is told, and calls again") {
  Call call(Transport::tcp);
  const TransactionId invite = call.ask();
  const Request request = call.bob.last<Request>();
  call.net.cut(call.alice, call.bob);
  CHECK(call.bob.last<TransactionEnded>().transaction == request.transaction);
  CHECK(call.bob.last<TransactionEnded>().why == Ending::transport_error);
  CHECK(call.alice.last<TransactionEnded>().transaction == invite);
  CHECK(call.alice.last<TransactionEnded>().error == std::errc::connection_reset);
  CHECK_FALSE(call.try_answer(call.bob, request, 200));
  call.ask({.sequence = 2});  // on a new one
  call.answer(200);
  call.acknowledge();
  CHECK(call.bob.all<Ack>().size() == 1);
}

/// Alice's request of this number as it goes over the wire.
std::string wire_of(const Call& call, Transport transport, std::size_t number) {
  const std::string call_id = "c" + std::to_string(number);
  sip::Message message =
      request_of(call.alice, call.bob, {.method = "MESSAGE", .call_id = call_id});
  message.prepend("Via", "SIP/2.0/" + std::string{to_string(transport)} + " " + call.alice.at() +
                             ";branch=z9hG4bK" + std::to_string(number));
  message.set_body("text/plain", "\r\n\r\nMESSAGE sip:bob@b.example SIP/2.0\r\n\r\n" + call_id);
  return message.write();
}

TEST_CASE("WebsocketPacketFragmentationTest: cut anywhere a message is one, and two are two") {
  for (const Transport transport : streams) {
    CAPTURE(to_string(transport));
    Call call(transport);
    const auto arrives = [&](std::string_view bytes) {
      call.bob.events.clear();
      call.net.inject(call.alice, call.bob, bytes);
      return call.bob.all<Request>();
    };
    const std::size_t size = wire_of(call, transport, 1000).size();
    for (std::size_t cut = 1; cut < size; ++cut) {
      CAPTURE(cut);
      const std::string wire = wire_of(call, transport, 1000 + cut);
      CHECK(arrives(wire.substr(0, cut)).empty());
      const std::vector<Request> all = arrives(wire.substr(cut));
      REQUIRE(all.size() == 1);
      CHECK(all[0].message.body().ends_with("c" + std::to_string(1000 + cut)));
    }
    const std::string two = wire_of(call, transport, 1) + wire_of(call, transport, 2);
    const std::vector<Request> both = arrives(two);
    REQUIRE(both.size() == 2);
    CHECK(both[0].message.text("Call-ID") == "c1");
    CHECK(both[1].message.text("Call-ID") == "c2");
    CHECK(call.bob.all<Refused>().empty());
  }
}

TEST_CASE("WebsocketPacketFragmentationTest: what is not whole is none, and a size must be one") {
  for (const Transport transport : streams) {
    CAPTURE(to_string(transport));
    for (const bool broken : {true, false}) {
      Call call(transport);
      const std::string wire = wire_of(call, transport, 1);
      call.net.inject(call.alice, call.bob, wire.substr(0, wire.size() - 1));
      if (broken) call.net.cut(call.alice, call.bob);
      call.net.wait(31s);
      CHECK(call.bob.all<Request>().empty());
      CHECK(call.bob.last<FlowClosed>().why == (broken ? Closing::by_peer : Closing::slow));
    }
    for (const std::string_view size : {"-1", "4294967296000", "18446744073709551617", "1x", ""}) {
      CAPTURE(size);
      Call call(transport);
      const std::string wire = wire_of(call, transport, 1);
      const std::string right =
          "Content-Length: " + std::string{sip::Message::parse(wire)->text("Content-Length")};
      call.net.inject(call.alice, call.bob,
                      with(wire, right, "Content-Length: " + std::string{size}));
      CHECK(call.bob.all<Request>().empty());
      CHECK_FALSE(call.bob.all<Refused>().empty());
      CHECK(call.bob.last<FlowClosed>().why == Closing::malformed);
    }
  }
}

void calls_itself(Transport transport, std::string_view body) {
  CAPTURE(to_string(transport));
  Call call(transport);
  Node& self = call.alice;
  sip::Message invite = request_of(self, self);
  if (!body.empty()) invite.set_body("application/octet-stream", body);
  self.agent.request(call.net.flow(self, self), std::move(invite), call.net.now);
  call.net.settle();
  CHECK(self.last<Request>().message.body() == body);
  call.answer(self, 180);
  call.answer(self, 200);
  REQUIRE(self.agent.ack(call.alices(), call.net.now));
  call.net.settle();
  const DialogId called = *self.last<Ack>().dialog;
  CHECK(called != call.alices());
  REQUIRE(call.within(self, called, "BYE"));
  call.answer(self, 200);
  CHECK(self.all<DialogEnded>().size() == 2);
  CHECK(call.bob.events.empty());
  call.net.nothing_is_left();
}

TEST_CASE("SelfroutingTest: a call to oneself completes") {
  over_both([](Transport transport) { calls_itself(transport, {}); });
}

TEST_CASE("WebsocketSelfTest: so it does with 70,000 bytes, which arrive as they were") {
  SeededRandom random(1);
  std::string body(70'000, '\0');
  random.fill(std::as_writable_bytes(std::span{body}));
  for (const Transport transport : streams) calls_itself(transport, body);
}

}  // namespace
}  // namespace kith::ua::tck
