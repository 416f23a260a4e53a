// Answers that come from another port, and answers that must go back to the right one.

#include <doctest/doctest.h>

#include "tests/faults/world.h"

namespace kith::faults {
namespace {

TEST_CASE(
    "RFC 3261 §18.1.2: an answer from another port belongs to the request that its branch names") {
  World world(Transport::udp);
  Raw elsewhere(loopback, SOCK_DGRAM);
  REQUIRE(elsewhere.bind(loopback));
  world.answers([&](const sip::Message& request) {
    REQUIRE(elsewhere.connect(world.server->heard.last->remote));
    REQUIRE(elsewhere.send(answer_to(request, 200)));
    return std::string{};
  });
  const Address address = world.listen();
  world.client->request(Transport::udp, address, "OPTIONS");
  REQUIRE(world.until([&] { return world.client->statuses() == std::vector{200}; }));
  CHECK(world.passed() < at_once);
  const auto answer = world.client->all<ua::ResponseReceived>().front();
  CHECK(answer.transaction == world.client->last);
  CHECK(answer.flow.remote == net::local_address(elsewhere.fd.number()));
  CHECK(answer.flow.remote != address);
}

TEST_CASE("RFC 3261 §18.2.2: an answer over another connection belongs to its request, too") {
  for (const Transport transport : {Transport::tcp, Transport::tls}) {
    CAPTURE(to_string(transport));
    World world(transport);
    const Address home =
        world.client->net.listen(transport, loopback, {.tls = &*world.tls.server}).value();
    const auto other = std::make_unique<net::Party>(
        world.reactor, net::TransportsOptions{.shard = 3, .client_tls = &*world.tls.client});
    world.answers([&](const sip::Message& request) {
      const std::uint64_t id = other->net.connect(transport, home, "localhost");
      other->net.send({.id = id, .transport = transport, .local = {}, .remote = home},
                      answer_to(request, 200));
      return std::string{};
    });
    world.client->request(transport, world.listen(), "OPTIONS");
    REQUIRE(world.until([&] { return world.client->statuses() == std::vector{200}; }));
    CHECK(world.passed() < at_once);
    const auto answer = world.client->all<ua::ResponseReceived>().front();
    CHECK(answer.transaction == world.client->last);
    CHECK(answer.flow.local == home);
  }
}

TEST_CASE("faults: an answer that nobody asked for is dropped with the reason") {
  World world(Transport::udp);
  const Address address = world.listen();
  world.answers([](const sip::Message& request) {
    std::string text = answer_to(request, 200);
    return text.replace(text.find("branch=z9hG4bK"), 14, "branch=z9hG4bX");
  });
  world.client->request(Transport::udp, address, "OPTIONS");
  REQUIRE(world.until([&] { return !world.client->all<ua::Refused>().empty(); }));
  CHECK(world.client->statuses().empty());
  CHECK(world.client->all<ua::Refused>().front().status == 0);
}

TEST_CASE(
    "RFC 3581 §4: with rport an answer goes back the way it came, without to the port of sent-by") {
  for (const bool rport : {true, false}) {
    CAPTURE(rport);
    World world(Transport::udp);
    Address asked = world.client->net.listen(Transport::udp, Address::v4(0, 0, 0, 0, 0)).value();
    asked.ip = Address::v4(127, 0, 0, 2, 0).ip;
    Raw guest(loopback, SOCK_DGRAM);   // behind an address translator: it does not know its port
    Raw behind(loopback, SOCK_DGRAM);  // what it believes to be its port
    REQUIRE((guest.bind(loopback) && guest.connect(asked) && behind.bind(loopback)));
    const Address source = net::local_address(guest.fd.number());
    const Address sent_by = net::local_address(behind.fd.number());
    REQUIRE(guest.send("OPTIONS sip:alice@localhost SIP/2.0\r\nVia: SIP/2.0/UDP " + sent_by.text() +
                       (rport ? ";rport" : "") +
                       ";branch=z9hG4bK1\r\nFrom: <sip:bob@localhost>;tag=b\r\nTo: "
                       "<sip:alice@localhost>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n"
                       "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n"));
    REQUIRE(world.until([&] { return !world.client->all<ua::RequestReceived>().empty(); }));
    const auto request = world.client->all<ua::RequestReceived>().front();
    CHECK(request.flow.local == asked);
    world.client->respond(request, 200);
    std::string answer;
    REQUIRE(world.until([&] {
      world.reactor.post([] {});
      answer += (rport ? guest : behind).take();
      return !answer.empty();
    }));
    CHECK(answer.starts_with("SIP/2.0 200"));
    // The guest hears only what comes from the address that it asked.
    CHECK(answer.contains(";rport=" + std::to_string(source.port)) == rport);
    CHECK(answer.contains(";received=127.0.0.1") == rport);
  }
}

}  // namespace
}  // namespace kith::faults
