// A server that refuses, or does not go on.

#include <doctest/doctest.h>

#include "tests/faults/world.h"

namespace kith::faults {
namespace {

TEST_CASE("faults: a server that refuses") {
  for (const Transport transport : {Transport::udp, Transport::tcp, Transport::tls}) {
    CAPTURE(to_string(transport));
    World world(transport);
    Raw closed(loopback, is_stream(transport) ? SOCK_STREAM : SOCK_DGRAM);
    REQUIRE(closed.bind(loopback));
    const Address nobody = net::local_address(closed.fd.number());
    if (!is_stream(transport)) closed.fd = net::Fd();
    world.client->request(transport, nobody, "OPTIONS");
    REQUIRE(world.until([&] { return !world.client->failures.empty(); }));
    CHECK(world.passed() < at_once);
    CHECK(world.client->failures.front().flow.remote == nobody);
    CHECK(world.client->failures.front().why == std::errc::connection_refused);
    // A connection has nothing under way yet; a datagram has, and it ends at once, too.
    CHECK(only_end(*world.client).has_value() == !is_stream(transport));
    if (const auto end = only_end(*world.client)) {
      CHECK(end->why == ua::Ending::transport_error);
      CHECK(end->error == std::errc::connection_refused);
    }
    CHECK(world.client->endpoint.counts() == ua::Counts{});
  }
}

TEST_CASE("faults: a server that stalls at each step of getting connected") {
  const net::Limits limits{.connect_timeout = 50ms, .handshake_timeout = 100ms};
  World world(Transport::tls, limits);
  Raw listening(loopback);
  REQUIRE(listening.bind(loopback));
  const Address address = net::local_address(listening.fd.number());
  Duration after = limits.handshake_timeout;
  SUBCASE("it does not take the connection") {
    REQUIRE(::listen(listening.fd.number(), 0) == 0);
    Raw other(loopback);
    REQUIRE(other.connect(address));
    world.client->request(Transport::tls, address, "OPTIONS");
    after = limits.connect_timeout;
  }
  SUBCASE("it says nothing in the handshake") {
    REQUIRE(::listen(listening.fd.number(), 1) == 0);
    world.client->request(Transport::tls, address, "OPTIONS");
  }
  SUBCASE("it stops in the middle of its words") {
    REQUIRE(::listen(listening.fd.number(), 1) == 0);
    world.client->request(Transport::tls, address, "OPTIONS");
    Raw server(loopback);
    server.fd = net::Fd();
    REQUIRE(world.until([&] {
      world.reactor.post([] {});
      server.fd = net::Fd(::accept4(listening.fd.number(), nullptr, nullptr, SOCK_NONBLOCK));
      return static_cast<bool>(server.fd);
    }));
    REQUIRE(server.send(std::string_view("\x16\x03\x03\x00\x7a\x02", 6)));
    REQUIRE(world.until([&] { return !world.client->failures.empty(); }));
  }
  REQUIRE(world.until([&] { return !world.client->failures.empty(); }));
  CHECK(world.passed() >= after);
  CHECK(world.passed() < after + at_once);
  CHECK(world.client->failures.front().why == std::errc::timed_out);
  CHECK(world.client->endpoint.counts() == ua::Counts{});
  CHECK(world.client->net.connections() == 0);
}

TEST_CASE(
    "RFC 3261 §17.1.2.2: a server that takes everything and never answers, over each transport") {
  for (const Transport transport : {Transport::udp, Transport::tcp, Transport::tls}) {
    CAPTURE(to_string(transport));
    World world(transport, {}, {.timers = {.t1 = 2ms, .t2 = 16ms}});
    world.client->request(transport, world.listen(), "OPTIONS");
    REQUIRE(world.until([&] { return only_end(*world.client).has_value(); }));
    CHECK(world.passed() >= 64 * 2ms);
    CHECK(world.passed() < 64 * 2ms + at_once);
    CHECK(only_end(*world.client)->why == ua::Ending::timed_out);
    CHECK(world.client->endpoint.counts().client_transactions == 0);
    CHECK(world.client->failures.empty());
    CHECK(world.client->all<ua::FlowClosed>().empty());  // others may still use the connection
  }
}

TEST_CASE("faults: a message that stops in its middle, on a connection that stays") {
  for (const Transport transport : {Transport::tcp, Transport::tls}) {
    CAPTURE(to_string(transport));
    World world(transport, {}, {.message_timer = 50ms});
    world.answers([](const sip::Message& request) {
      const std::string whole = answer_to(request, 200);
      return whole.substr(0, whole.size() / 2);
    });
    world.client->request(transport, world.listen(), "OPTIONS");
    REQUIRE(world.until([&] { return !world.client->all<ua::FlowClosed>().empty(); }));
    CHECK(world.passed() >= 50ms);
    CHECK(world.passed() < 50ms + at_once);
    CHECK(world.client->all<ua::FlowClosed>().front().why == ua::Closing::slow);
    REQUIRE(only_end(*world.client).has_value());
    CHECK(only_end(*world.client)->why == ua::Ending::transport_error);
    CHECK(only_end(*world.client)->error == std::errc::connection_aborted);
  }
}

TEST_CASE("faults: a server that answers what is no SIP") {
  for (const Transport transport : {Transport::tcp, Transport::tls}) {
    CAPTURE(to_string(transport));
    World world(transport);
    world.answers([](const sip::Message&) {
      return std::string("HTTP/1.1 400 Bad Request\r\nContent-Length: x\r\n\r\n");
    });
    world.client->request(transport, world.listen(), "OPTIONS");
    REQUIRE(world.until([&] { return !world.client->all<ua::FlowClosed>().empty(); }));
    CHECK(world.passed() < at_once);
    CHECK(world.client->all<ua::FlowClosed>().front().why == ua::Closing::malformed);
    REQUIRE(only_end(*world.client).has_value());
    CHECK(only_end(*world.client)->why == ua::Ending::transport_error);
  }
}

}  // namespace
}  // namespace kith::faults
