#include "kith/net/transport/udp.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "kith/net/limits.h"
#include "kith/net/test_peer.h"

namespace kith::net {
namespace {

TEST_CASE("UDP: a datagram is received whole, up to the largest") {
  Loopback world(Transport::udp);
  const auto pair = world.join(world.listen(*world.server).value());
  REQUIRE(pair.has_value());
  const std::string largest(65'507, 'x');  // IP and UDP have headers of their own
  static_assert(65'507 <= Limits{}.datagram_size_bytes_max);
  for (const std::string& text : {std::string("a"), std::string(), largest})
    world.client->net.send(pair->client, text);
  REQUIRE(world.until([&] { return world.server->heard.chunk_sizes.size() == 3; }));
  CHECK(world.server->heard.chunk_sizes == std::vector<std::size_t>{1, 0, largest.size()});
}

TEST_CASE("UDP: more than datagram_batch of them arrive all, in order") {
  Loopback world(Transport::udp);
  const auto pair = world.join(world.listen(*world.server).value());
  REQUIRE(pair.has_value());
  std::vector<std::size_t> sizes;
  for (std::size_t i = 0; i < 2 * datagram_batch + 1; ++i) {
    sizes.push_back(i + 1);
    world.client->net.send(pair->client, std::string(i + 1, 'x'));
  }
  REQUIRE(world.until([&] { return world.server->heard.chunk_sizes.size() == sizes.size(); }));
  CHECK(world.server->heard.chunk_sizes == sizes);
  CHECK(world.client->net.counters().datagram_writes == 3);
}

TEST_CASE("UDP: one system call reads a batch, and a few of them before others have their turn") {
  Loopback world(Transport::udp);
  Raw guest(loopback, SOCK_DGRAM);
  REQUIRE(guest.connect(world.listen(*world.server).value()));
  const std::size_t turn = datagram_batch * static_cast<std::size_t>(datagram_batches_max);
  const std::vector<std::size_t>& sizes = world.server->heard.chunk_sizes;
  for (std::size_t i = 0; i < turn + 1; ++i) REQUIRE(guest.send("x"));
  std::size_t before_others = 0;
  world.server->heard.on_bytes = [&](const Flow&, std::string_view) {
    if (sizes.size() == 1) world.reactor.post([&] { before_others = sizes.size(); });
  };
  REQUIRE(world.until([&] { return sizes.size() == turn + 1; }));
  CHECK(before_others == turn);
  CHECK(world.server->net.counters().datagram_reads == datagram_batches_max + 1);
}

TEST_CASE("UDP: a datagram that is cut off is dropped with the reason, its neighbours are not") {
  Loopback world(Transport::udp, {.datagram_size_bytes_max = 1'000});
  Raw guest(loopback, SOCK_DGRAM);
  REQUIRE(guest.connect(world.listen(*world.server).value()));
  for (const std::size_t size : {1'000U, 1'001U, 65'507U, 999U})
    REQUIRE(guest.send(std::string(size, 'x')));
  REQUIRE(world.until([&] { return world.server->heard.chunk_sizes.size() == 2; }));
  CHECK(world.server->heard.chunk_sizes == std::vector<std::size_t>{1'000, 999});
  REQUIRE(world.server->heard.drops.size() == 2);
  CHECK(world.server->heard.drops.at(0).why == std::errc::message_size);
  CHECK(world.server->net.counters().datagrams_cut == 2);
  CHECK(world.server->heard.failures.empty());  // that would be about what we send
}

TEST_CASE("RFC 3261 §18.4: where nobody listens, ICMP says so, and it is told once for each") {
  std::vector<Address> hosts{loopback};
  if (Raw(loopback_v6).bind(loopback_v6)) hosts.push_back(loopback_v6);
  for (const Address& host : hosts) {
    CAPTURE(host.text());
    Loopback world(Transport::udp);
    Raw closed(host, SOCK_DGRAM);
    REQUIRE(closed.bind(host));
    const Address nobody = local_address(closed.fd.number());
    closed.fd = Fd();
    const auto there = world.join(world.listen(*world.server, host).value());
    const auto gone = world.join(nobody);
    REQUIRE((there && gone));
    world.client->net.send(gone->client, "to nobody");
    REQUIRE(world.until([&] { return world.client->heard.failures.size() == 1; }));
    CHECK(world.client->heard.failures.at(0).why == std::errc::connection_refused);
    CHECK(world.client->heard.failures.at(0).remote == nobody);
    // An error that is pending neither hides what comes in nor is blamed on what leaves.
    world.client->net.send(gone->client, "again");
    world.client->net.send(there->client, "to somebody");
    REQUIRE(world.until([&] {
      return world.client->heard.failures.size() == 2 &&
             world.server->heard.received_size_bytes() == 11;
    }));
    world.client->net.send(there->client, "!");
    REQUIRE(world.until([&] { return world.server->heard.received_size_bytes() == 12; }));
    CHECK(world.client->heard.failures.size() == 2);
    CHECK(world.client->net.counters().datagrams_bounced == 2);
    CHECK(world.client->net.counters().datagrams_dropped == 0);
  }
}

TEST_CASE("UDP: one that cannot be sent is told, and the next ones leave") {
  Loopback world(Transport::udp);
  const auto pair = world.join(world.listen(*world.server).value());
  REQUIRE(pair.has_value());
  world.client->net.send(pair->client, "before");
  world.client->net.send(pair->client, std::string(70'000, 'x'));
  world.client->net.send(pair->client, "after");
  REQUIRE(world.until([&] { return world.server->heard.chunk_sizes.size() == 2; }));
  CHECK(world.server->heard.bytes.begin()->second == "beforeafter");
  REQUIRE(world.client->heard.failures.size() == 1);
  CHECK(world.client->heard.failures.at(0).id == pair->client.id);
  CHECK(world.client->heard.failures.at(0).why == std::errc::message_size);
  CHECK(world.client->net.counters().datagrams_dropped == 1);
}

TEST_CASE("UDP: no more is queued than queued_datagrams_max") {
  Loopback world(Transport::udp, {}, {.queued_datagrams_max = 10});
  const auto pair = world.join(world.listen(*world.server).value());
  REQUIRE(pair.has_value());
  for (int i = 0; i < 15; ++i) world.client->net.send(pair->client, "x");
  REQUIRE(world.until([&] { return world.server->heard.chunk_sizes.size() == 10; }));
  world.settle();
  CHECK(world.server->heard.chunk_sizes.size() == 10);
  CHECK(world.client->net.counters().datagrams_dropped == 5);
}

TEST_CASE("RFC 3581 §4: the answer comes from the address that was asked") {
  Loopback world(Transport::udp);
  world.echo(*world.server);
  Address asked = world.listen(*world.server, Address::v4(0, 0, 0, 0, 0)).value();
  asked.ip = Address::v4(127, 0, 0, 2, 0).ip;
  Raw guest(loopback, SOCK_DGRAM);
  REQUIRE(guest.bind(loopback));
  REQUIRE(guest.connect(asked));  // so that it hears nobody else
  REQUIRE(guest.send("OPTIONS"));
  REQUIRE(world.until([&] { return world.server->heard.last.has_value(); }));
  CHECK(world.server->heard.last->local == asked);
  world.settle();
  CHECK(guest.take() == "OPTIONS");
}

TEST_CASE("UDP: sockets listen to one IP version, and a client uses the right one") {
  Loopback world(Transport::udp);
  world.echo(*world.server);
  const Address v4 = world.listen(*world.server).value();
  CHECK(world.listen(*world.server, v4).error() == std::errc::address_in_use);
  if (!Raw(loopback_v6).bind(loopback_v6)) return;
  const Address v6 = world.listen(*world.server, loopback_v6).value();
  const auto by_v4 = world.join(v4);
  const auto by_v6 = world.join(v6);
  REQUIRE((by_v4 && by_v6));
  CHECK(by_v4->client.id != by_v6->client.id);
  CHECK(by_v4->client.local.is_v4());
  CHECK_FALSE(by_v6->client.local.is_v4());
  world.client->net.send(by_v6->client, "six");
  world.client->net.send(by_v4->client, "four");
  CHECK(world.until([&] {
    return world.client->heard.bytes[by_v6->client.id] == "six" &&
           world.client->heard.bytes[by_v4->client.id] == "four";
  }));
}

TEST_CASE("UDP: datagrams go on while reading of streams is paused") {
  Loopback world(Transport::udp);
  const auto pair = world.join(world.listen(*world.server).value());
  REQUIRE(pair.has_value());
  world.server->net.pause_reading();
  world.client->net.send(pair->client, "OPTIONS");
  CHECK(world.until([&] { return world.server->heard.received_size_bytes() == 7; }));
}

TEST_CASE("UDP: a peer that there is no way to") {
  Loopback world(Transport::udp);
  const Address broadcast = Address::v4(255, 255, 255, 255, 5060);
  const std::uint64_t id = world.client->net.connect(Transport::udp, broadcast);
  CHECK(world.client->heard.failures.empty());
  REQUIRE(world.until([&] { return !world.client->heard.failures.empty(); }));
  CHECK(world.client->heard.failures.at(0).id == id);
  CHECK(world.client->heard.connects.empty());
}

TEST_CASE("UDP: an address that is not ours cannot be listened on") {
  Loopback world(Transport::udp);
  CHECK(world.listen(*world.server, Address::v4(192, 0, 2, 1, 0)).error() ==
        std::errc::address_not_available);
}

}  // namespace
}  // namespace kith::net
