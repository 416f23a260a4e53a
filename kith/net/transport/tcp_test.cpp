#include "kith/net/transport/tcp.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "kith/net/limits.h"
#include "kith/net/test_peer.h"

namespace kith::net {
namespace {

TEST_CASE("TCP: a peer that has ended only its side still gets its answer") {
  Loopback world(Transport::tcp);
  world.echo(*world.server);
  Raw guest(loopback);
  REQUIRE(guest.connect(world.listen(*world.server).value()));
  REQUIRE(guest.send("OPTIONS"));
  REQUIRE(::shutdown(guest.fd.number(), SHUT_WR) == 0);
  REQUIRE(world.until([&] { return !world.server->heard.closes.empty(); }));
  CHECK(world.server->heard.closes.at(0).why == std::error_code{});
  CHECK(guest.take() == "OPTIONS");
  CHECK(guest.ended());
}

TEST_CASE("TCP: a peer that ended its side while much is on its way gets all of it") {
  Loopback world(Transport::tcp, {.socket_buffer_size_bytes = 8 * 1024});
  Raw guest(loopback);
  REQUIRE(guest.connect(world.listen(*world.server).value()));
  world.server->heard.on_bytes = [&](const Flow& flow, std::string_view) {
    world.server->net.send(flow, std::string(1'000'000, 'x'));
  };
  REQUIRE(guest.send("OPTIONS"));
  REQUIRE(::shutdown(guest.fd.number(), SHUT_WR) == 0);
  std::size_t taken = 0;
  REQUIRE(world.until([&] {
    // The guest is no part of the loop: this keeps it going round while there is more to take.
    world.reactor.post([] {});
    taken += guest.take().size();
    return taken == 1'000'000 && !world.server->heard.closes.empty();
  }));
  CHECK(world.server->heard.closes.at(0).why == std::error_code{});
}

TEST_CASE("TCP: more messages than gather_max leave in one turn, in order") {
  Loopback world(Transport::tcp);
  const auto pair = world.join(world.listen(*world.server).value());
  REQUIRE(pair.has_value());
  std::string all;
  for (std::size_t i = 0; i < 2 * gather_max + 1; ++i) {
    // Long ones: short ones are joined before they are gathered.
    const std::string message(600, static_cast<char>('a' + i % 26));
    all += message;
    world.client->net.send(pair->client, message);
  }
  REQUIRE(world.until([&] { return world.server->heard.received_size_bytes() == all.size(); }));
  CHECK(world.server->heard.bytes.begin()->second == all);
}

TEST_CASE("TCP: all of more than accept_batch peers are accepted") {
  Loopback world(Transport::tcp);
  const Address address = world.listen(*world.server).value();
  std::vector<Raw> guests;
  for (int i = 0; i < accept_batch + 1; ++i) {
    guests.emplace_back(loopback);
    REQUIRE(guests.back().connect(address));
  }
  REQUIRE(world.until([&] { return world.server->heard.opens.size() == guests.size(); }));
  CHECK(world.server->net.connections() == guests.size());
}

TEST_CASE("TCP: a reset is told as what it is") {
  Loopback world(Transport::tcp);
  Raw guest(loopback);
  REQUIRE(guest.connect(world.listen(*world.server).value()));
  REQUIRE(world.until([&] { return !world.server->heard.opens.empty(); }));
  guest.reset();
  REQUIRE(world.until([&] { return !world.server->heard.closes.empty(); }));
  CHECK(world.server->heard.closes.at(0).why == std::errc::connection_reset);
}

TEST_CASE("TCP: a peer that does not end its side is left after close_timeout") {
  Loopback world(Transport::tcp, {.close_timeout = 10ms});
  Raw guest(loopback);
  REQUIRE(guest.connect(world.listen(*world.server).value()));
  REQUIRE(world.until([&] { return !world.server->heard.opens.empty(); }));
  const Flow flow = world.server->heard.opens.at(0);
  SUBCASE("all was sent") {
    world.server->net.send(flow, "bye");
    world.server->net.close(flow.id);
    REQUIRE(world.until([&] { return !world.server->heard.closes.empty(); }));
    CHECK(world.server->heard.closes.at(0).why == std::error_code{});
    CHECK(guest.take() == "bye");
  }
  SUBCASE("something was not") {
    for (int i = 0; i < 10; ++i) {
      world.server->net.send(flow, std::string(4'000'000, 'x'));
      world.settle();
      if (world.server->net.counters().sent_size_bytes <
          static_cast<std::size_t>(i + 1) * 4'000'000)
        break;
    }
    world.server->net.close(flow.id);
    REQUIRE(world.until([&] { return !world.server->heard.closes.empty(); }));
    CHECK(world.server->heard.closes.at(0).why == std::errc::timed_out);
  }
  CHECK(world.server->net.connections() == 0);
}

TEST_CASE("TCP: what comes after close is not received") {
  Loopback world(Transport::tcp);
  Raw guest(loopback);
  REQUIRE(guest.connect(world.listen(*world.server).value()));
  REQUIRE(world.until([&] { return !world.server->heard.opens.empty(); }));
  world.server->net.close(world.server->heard.opens.at(0).id);
  REQUIRE(guest.send("too late"));
  guest.fd = Fd();
  REQUIRE(world.until([&] { return !world.server->heard.closes.empty(); }));
  CHECK(world.server->heard.received_size_bytes() == 0);
}

TEST_CASE("RFC 5923 §8.2: TCP proves nothing, and so lends no connection by an alias") {
  Loopback world(Transport::tcp);
  const auto pair = world.join(world.listen(*world.server).value());
  REQUIRE(pair.has_value());
  CHECK_FALSE(world.server->net.alias(pair->server.id, 5060));
  CHECK(world.server->net.sip_domains(pair->server.id).empty());
}

}  // namespace
}  // namespace kith::net
