#include <doctest/doctest.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <string>
#include <thread>
#include <vector>

#include "kith/net/test_peer.h"

// What every transport does, written once and run over each of them.

namespace kith::net {
namespace {

struct OverUdp {
  static constexpr Transport transport = Transport::udp;
};
struct OverTcp {
  static constexpr Transport transport = Transport::tcp;
};
struct OverTls {
  static constexpr Transport transport = Transport::tls;
};

bool has_v6() { return Raw(loopback_v6).bind(loopback_v6); }

std::string pattern(std::size_t size_bytes) {
  std::string bytes(size_bytes, '\0');
  std::uint32_t state = 1;
  for (char& byte : bytes) {
    state = state * 1664525U + 1013904223U;
    byte = static_cast<char>(state >> 24U);
  }
  return bytes;
}

TEST_CASE_TEMPLATE("transport contract: what is sent comes back", T, OverUdp, OverTcp, OverTls) {
  std::vector<Address> addresses{loopback};
  if (has_v6()) addresses.push_back(loopback_v6);
  for (const Address& host : addresses) {
    CAPTURE(host.text());
    Loopback world(T::transport);
    world.echo(*world.server);
    const auto address = world.listen(*world.server, host);
    REQUIRE(address.has_value());
    CHECK(address->port != 0);
    const auto pair = world.join(*address);
    REQUIRE(pair.has_value());
    CHECK(pair->client.remote == *address);
    CHECK(pair->client.transport == T::transport);
    CHECK(shard_of(pair->client.id) == 2);
    world.client->net.send(pair->client, "OPTIONS");
    std::string& answer = world.client->heard.bytes[pair->client.id];
    REQUIRE(world.until([&] { return answer == "OPTIONS"; }));
    CHECK(*world.client->heard.last == pair->client);
    CHECK(shard_of(world.server->heard.last->id) == 1);
    CHECK(world.server->heard.last->local == *address);
    CHECK(world.server->heard.last->remote.port == world.client->heard.last->local.port);
  }
}

TEST_CASE_TEMPLATE("transport contract: many small messages arrive in order", T, OverUdp, OverTcp,
                   OverTls) {
  Loopback world(T::transport);
  const auto pair = world.join(world.listen(*world.server).value());
  REQUIRE(pair.has_value());
  std::string all;
  // More datagrams than a batch, but few enough for the socket's buffer.
  for (int i = 0; i < (is_stream(T::transport) ? 5'000 : 100); ++i) {
    const std::string message = "message " + std::to_string(i) + "\r\n";
    all += message;
    world.client->net.send(pair->client, message);
  }
  REQUIRE(world.until([&] { return world.server->heard.received_size_bytes() >= all.size(); }));
  CHECK(world.server->heard.bytes.begin()->second == all);
  CHECK(world.client->net.counters().sent_size_bytes == all.size());
  CHECK(world.server->net.counters().received_size_bytes == all.size());
}

TEST_CASE_TEMPLATE("transport contract: messages of one turn leave together", T, OverTcp, OverTls) {
  Loopback world(T::transport);
  const auto pair = world.join(world.listen(*world.server).value());
  REQUIRE(pair.has_value());
  for (const char* text : {"one ", "two ", "three"}) world.client->net.send(pair->client, text);
  REQUIRE(world.until([&] { return world.server->heard.received_size_bytes() == 13; }));
  CHECK(world.server->heard.chunk_sizes == std::vector<std::size_t>{13});
}

TEST_CASE_TEMPLATE("transport contract: what is sent before the connection is up is kept", T,
                   OverUdp, OverTcp, OverTls) {
  Loopback world(T::transport);
  const Address address = world.listen(*world.server).value();
  const std::uint64_t id = world.client->net.connect(T::transport, address, "localhost");
  world.client->net.send({.id = id, .transport = T::transport, .local = {}, .remote = address},
                         "early");
  REQUIRE(world.until([&] { return world.server->heard.received_size_bytes() == 5; }));
  CHECK(world.client->heard.connects.at(0).id == id);
}

TEST_CASE_TEMPLATE("transport contract: a megabyte goes both ways, a chunk a turn", T, OverTcp,
                   OverTls) {
  Loopback world(T::transport);
  const auto pair = world.join(world.listen(*world.server).value());
  REQUIRE(pair.has_value());
  const std::string there = pattern(1'000'000);
  const std::string back = pattern(1'000'003);
  world.client->net.send(pair->client, there);
  world.server->net.send(pair->server, back);
  REQUIRE(world.until([&] {
    return world.server->heard.received_size_bytes() >= there.size() &&
           world.client->heard.received_size_bytes() >= back.size();
  }));
  CHECK((world.server->heard.bytes[pair->server.id] == there));
  CHECK((world.client->heard.bytes[pair->client.id] == back));
  CHECK(std::ranges::max(world.server->heard.chunk_sizes) <= chunk_size_bytes);
}

TEST_CASE_TEMPLATE("transport contract: close sends what is queued, then both sides are told", T,
                   OverTcp, OverTls) {
  Loopback world(T::transport);
  const auto pair = world.join(world.listen(*world.server).value());
  REQUIRE(pair.has_value());
  const std::string last_words = pattern(1'000'000);
  world.server->net.send(pair->server, last_words);
  world.server->net.close(pair->server.id);
  world.server->net.close(pair->server.id);
  world.server->net.send(pair->server, "too late");
  REQUIRE(world.until(
      [&] { return !world.client->heard.closes.empty() && !world.server->heard.closes.empty(); }));
  CHECK((world.client->heard.bytes[pair->client.id] == last_words));
  CHECK(world.client->heard.closes.at(0).id == pair->client.id);
  CHECK(world.client->heard.closes.at(0).why == std::error_code{});
  CHECK(world.server->heard.closes.at(0).why == std::error_code{});
  CHECK(world.server->net.connections() == 0);
  CHECK(world.client->net.connections() == 0);
  world.server->net.send(pair->server, "nobody there");
  world.settle();
  CHECK(world.server->heard.closes.size() == 1);
}

TEST_CASE_TEMPLATE("transport contract: a peer that closes in the middle of a message", T, OverTcp,
                   OverTls) {
  Loopback world(T::transport);
  const auto pair = world.join(world.listen(*world.server).value());
  REQUIRE(pair.has_value());
  SUBCASE("in order") {
    world.client->net.send(pair->client, "REGISTER sip:exam");
    world.client->net.close(pair->client.id);
    REQUIRE(world.until([&] { return !world.server->heard.closes.empty(); }));
    CHECK(world.server->heard.bytes[pair->server.id] == "REGISTER sip:exam");
    CHECK(world.server->heard.closes.at(0).why == std::error_code{});
  }
  SUBCASE("without a word") {
    world.client->net.send(pair->client, "REGISTER sip:exam");
    REQUIRE(world.until([&] { return world.server->heard.received_size_bytes() == 17; }));
    world.client.reset();
    REQUIRE(world.until([&] { return !world.server->heard.closes.empty(); }));
    // TLS knows that it may have been somebody else who ended it.
    CHECK(world.server->heard.closes.at(0).why ==
          (T::transport == Transport::tls ? std::make_error_code(std::errc::connection_aborted)
                                          : std::error_code{}));
  }
}

TEST_CASE_TEMPLATE("transport contract: the answer to a last message still leaves", T, OverTcp,
                   OverTls) {
  Loopback world(T::transport);
  world.echo(*world.server);
  const auto pair = world.join(world.listen(*world.server).value());
  REQUIRE(pair.has_value());
  const std::string question = pattern(300'000);
  world.client->heard.on_bytes = {};
  world.client->net.send(pair->client, question);
  REQUIRE(
      world.until([&] { return world.client->heard.received_size_bytes() == question.size(); }));
  world.client->net.close(pair->client.id);
  REQUIRE(world.until([&] { return !world.server->heard.closes.empty(); }));
  CHECK(world.server->heard.closes.at(0).why == std::error_code{});
}

TEST_CASE_TEMPLATE("transport contract: nobody listens, so connecting fails", T, OverTcp, OverTls) {
  Loopback world(T::transport);
  Raw silent(loopback);
  REQUIRE(silent.bind(loopback));  // a port that is taken, but not listened to
  const std::uint64_t id =
      world.client->net.connect(T::transport, local_address(silent.fd.number()), "localhost");
  CHECK(world.client->heard.failures.empty());  // never from inside the call
  REQUIRE(world.until([&] { return !world.client->heard.failures.empty(); }));
  CHECK(world.client->heard.failures.at(0).id == id);
  CHECK(world.client->heard.failures.at(0).why == std::errc::connection_refused);
  CHECK(world.client->heard.closes.empty());
}

TEST_CASE_TEMPLATE("transport contract: a host that does not answer times out", T, OverTcp,
                   OverTls) {
  Loopback world(T::transport, {}, {.connect_timeout = 20ms});
  Raw full(loopback);
  REQUIRE(full.bind(loopback));
  REQUIRE(::listen(full.fd.number(), 0) == 0);
  const Address address = local_address(full.fd.number());
  Raw guest(loopback);
  REQUIRE(guest.connect(address));  // the backlog is full now, and further peers are not answered
  world.client->net.connect(T::transport, address, "localhost");
  REQUIRE(world.until([&] { return !world.client->heard.failures.empty(); }));
  CHECK(world.client->heard.failures.at(0).why == std::errc::timed_out);
}

TEST_CASE_TEMPLATE("transport contract: closing what is not yet up", T, OverTcp, OverTls) {
  Loopback world(T::transport);
  const Address address = world.listen(*world.server).value();
  world.client->net.close(world.client->net.connect(T::transport, address, "localhost"));
  REQUIRE(world.until([&] { return !world.client->heard.failures.empty(); }));
  CHECK(world.client->heard.failures.at(0).why == std::errc::operation_canceled);
  CHECK(world.client->net.connections() == 0);
}

TEST_CASE_TEMPLATE("transport contract: a peer that does not read is closed, others are not", T,
                   OverTcp, OverTls) {
  const Limits small{.queued_size_bytes_max = 64 * 1024, .socket_buffer_size_bytes = 8 * 1024};
  Loopback world(T::transport, small, {.socket_buffer_size_bytes = 8 * 1024});
  const Address address = world.listen(*world.server).value();
  const auto other = world.join(address);
  const auto slow = world.join(address);
  REQUIRE((slow && other));
  world.client->net.pause_reading();
  for (int i = 0; i < 10'000 && world.server->heard.closes.empty(); ++i) {
    world.server->net.send(slow->server, std::string(1'000, 'x'));
    world.until([] { return true; });
    world.settle();
  }
  REQUIRE(world.server->heard.closes.size() == 1);
  CHECK(world.server->heard.closes.at(0).id == slow->server.id);
  CHECK(world.server->heard.closes.at(0).why == std::errc::no_buffer_space);
  CHECK(world.server->net.counters().overflows == 1);
  world.client->net.resume_reading();
  world.server->net.send(other->server, "still here");
  CHECK(world.until([&] { return world.client->heard.bytes[other->client.id] == "still here"; }));
}

TEST_CASE_TEMPLATE("transport contract: nothing is read while reading is paused", T, OverTcp,
                   OverTls) {
  Loopback world(T::transport);
  const auto pair = world.join(world.listen(*world.server).value());
  REQUIRE(pair.has_value());
  // Paused in the middle of what has been read already, too.
  world.server->heard.on_bytes = [&](const Flow&, std::string_view) {
    world.server->net.pause_reading();
  };
  const std::string all = pattern(100'000);
  world.client->net.send(pair->client, all);
  std::size_t before = 0;
  int pauses = 0;
  while (world.server->heard.received_size_bytes() < all.size()) {
    REQUIRE(world.until([&] { return world.server->heard.received_size_bytes() > before; }));
    before = world.server->heard.received_size_bytes();
    world.settle();
    REQUIRE(world.server->heard.received_size_bytes() == before);
    world.server->net.resume_reading();
    ++pauses;
  }
  CHECK(pauses >= 7);  // 100,000 bytes are no less than seven chunks
  CHECK((world.server->heard.bytes[pair->server.id] == all));
}

TEST_CASE_TEMPLATE("transport contract: two shards share a port", T, OverUdp, OverTcp, OverTls) {
  Loopback world(T::transport);
  const auto second = world.party(7);
  const Address address = world.listen(*world.server, loopback, true).value();
  CHECK(world.listen(*second, address, false).error() == std::errc::address_in_use);
  REQUIRE(world.listen(*second, address, true).value() == address);
  std::vector<Raw> guests;
  for (int i = 0; i < 64; ++i) {
    guests.emplace_back(loopback, is_stream(T::transport) ? SOCK_STREAM : SOCK_DGRAM);
    REQUIRE(guests.back().connect(address));
    REQUIRE(guests.back().send("x"));
  }
  const auto guests_of = [](Party& party) {
    return is_stream(T::transport) ? static_cast<std::size_t>(party.net.counters().accepted)
                                   : party.heard.chunk_sizes.size();
  };
  REQUIRE(world.until([&] { return guests_of(*world.server) + guests_of(*second) == 64; }));
  CHECK(guests_of(*world.server) > 0);
  CHECK(guests_of(*second) > 0);
}

TEST_CASE_TEMPLATE("transport contract: one connection too many is not let in", T, OverTcp,
                   OverTls) {
  Loopback world(T::transport, {.connections_max = 2});
  const Address address = world.listen(*world.server).value();
  REQUIRE(world.join(address).has_value());
  REQUIRE(world.join(address).has_value());
  world.client->net.connect(T::transport, address, "localhost");
  REQUIRE(world.until([&] {
    return world.client->heard.closes.size() + world.client->heard.failures.size() == 1;
  }));
  CHECK(world.server->net.counters().connections_refused == 1);
  CHECK(world.server->net.connections() == 2);
  const std::uint64_t id = world.server->net.connect(T::transport, address, "localhost");
  REQUIRE(world.until([&] { return !world.server->heard.failures.empty(); }));
  CHECK(world.server->heard.failures.at(0).id == id);
  CHECK(world.server->heard.failures.at(0).why == std::errc::too_many_files_open);
}

TEST_CASE_TEMPLATE("transport contract: out of descriptors, peers wait and are let in later", T,
                   OverTcp, OverTls) {
  Loopback world(T::transport, {.accept_pause = 1ms});
  const Address address = world.listen(*world.server).value();
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  world.client->net.connect(T::transport, address, "localhost");
  rlimit none = before;
  none.rlim_cur = 3;
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
  const bool paused = world.until([&] { return world.server->net.counters().accept_pauses >= 2; });
  ::setrlimit(RLIMIT_NOFILE, &before);
  CHECK(paused);
  CHECK(world.server->heard.opens.empty());
  CHECK(world.until([&] { return world.server->heard.opens.size() == 1; }));
}

TEST_CASE_TEMPLATE("transport contract: after stop_listening connections live, new ones fail", T,
                   OverTcp, OverTls) {
  Loopback world(T::transport);
  world.echo(*world.server);
  world.server->heard.on_open = [&](const Flow&) { world.server->net.stop_listening(); };
  const Address address = world.listen(*world.server).value();
  const auto pair = world.join(address);
  REQUIRE(pair.has_value());
  world.client->net.connect(T::transport, address, "localhost");
  REQUIRE(world.until([&] { return !world.client->heard.failures.empty(); }));
  world.client->net.send(pair->client, "alive");
  CHECK(world.until([&] { return world.client->heard.bytes[pair->client.id] == "alive"; }));
}

TEST_CASE_TEMPLATE("transport contract: a handler may close inside any call", T, OverTcp, OverTls) {
  Loopback world(T::transport);
  const Address address = world.listen(*world.server).value();
  SUBCASE("opened") {
    world.server->heard.on_open = [&](const Flow& flow) { world.server->net.close(flow.id); };
  }
  SUBCASE("received") {
    world.server->heard.on_bytes = [&](const Flow& flow, std::string_view) {
      world.server->net.send(flow, "bye");
      world.server->net.close(flow.id);
    };
  }
  const std::uint64_t id = world.client->net.connect(T::transport, address, "localhost");
  world.client->net.send({.id = id, .transport = T::transport, .local = {}, .remote = address},
                         "hello");
  REQUIRE(world.until([&] {
    return world.client->heard.closes.size() == 1 && world.server->heard.closes.size() == 1;
  }));
  CHECK(world.server->heard.closes.at(0).why == std::error_code{});
}

TEST_CASE_TEMPLATE("transport contract: writing to a peer that has gone ends only that connection",
                   T, OverTcp, OverTls) {
  Loopback world(T::transport);
  const auto pair = world.join(world.listen(*world.server).value());
  REQUIRE(pair.has_value());
  world.server->net.pause_reading();  // so that only writing can find out
  world.client.reset();
  for (int i = 0; i < 100 && world.server->heard.closes.empty(); ++i) {
    world.server->net.send(pair->server, "NOTIFY");
    world.settle();
  }
  REQUIRE(world.server->heard.closes.size() == 1);
  CHECK(world.server->heard.closes.at(0).why);
}

TEST_CASE_TEMPLATE("transport contract: what hangs while connecting holds up nobody", T, OverUdp,
                   OverTcp, OverTls) {
  const Limits short_ones{.connect_timeout = 300ms, .handshake_timeout = 300ms};
  Loopback world(T::transport, short_ones, short_ones);
  world.echo(*world.server);
  const Address address = world.listen(*world.server).value();
  const auto pair = world.join(address);
  REQUIRE(pair.has_value());
  Raw full(loopback);
  REQUIRE(full.bind(loopback));
  REQUIRE(::listen(full.fd.number(), 0) == 0);
  const Address nowhere = local_address(full.fd.number());
  Raw silent(loopback);  // its connect is taken by the kernel, its handshake by nobody
  REQUIRE(silent.connect(nowhere));
  world.client->net.connect(Transport::tcp, nowhere, "localhost");
  Raw mute(loopback);
  const Address tls =
      world.server->net.listen(Transport::tls, loopback, {.tls = &*world.tls.server}).value();
  REQUIRE(mute.connect(tls));
  const Time begin = world.reactor.now();
  std::string& answers = world.client->heard.bytes[pair->client.id];
  for (int i = 0; i < 10; ++i) {
    world.client->net.send(pair->client, "x");
    REQUIRE(world.until([&] { return answers.size() == static_cast<std::size_t>(i) + 1; }));
  }
  CHECK(world.reactor.now() - begin < 200ms);
  CHECK(world.client->heard.failures.empty());
  REQUIRE(world.until([&] {
    return !world.client->heard.failures.empty() && !world.server->heard.failures.empty();
  }));
  CHECK(world.reactor.now() - begin >= 300ms);
  CHECK(world.client->heard.failures.at(0).why == std::errc::timed_out);
  CHECK(world.server->heard.failures.at(0).why == std::errc::timed_out);
  world.client->net.send(pair->client, "still here");
  CHECK(world.until([&] { return answers.ends_with("still here"); }));
}

TEST_CASE_TEMPLATE("transport contract: what a broken connection did not deliver is told", T,
                   OverTcp, OverTls) {
  using Messages = std::vector<std::string>;
  Loopback world(T::transport, {}, {.socket_buffer_size_bytes = 8 * 1024});
  world.echo(*world.server);
  const auto pair = world.join(world.listen(*world.server).value());
  REQUIRE(pair.has_value());
  const Flow& flow = pair->client;
  Recorder& heard = world.client->heard;
  bool answered = true;
  Messages undelivered;
  SUBCASE("it had gone when we wrote") {
    world.client->net.send(flow, "first");
    REQUIRE(world.until([&] { return heard.bytes[flow.id] == "first"; }));
    world.server.reset();
    world.client->net.send(flow, "second");
    world.client->net.send(flow, "third");
    undelivered = {"second", "third"};
  }
  SUBCASE("it goes in the middle of what we write") {
    world.client->net.send(flow, "first");
    REQUIRE(world.until([&] { return heard.bytes[flow.id] == "first"; }));
    world.server->net.pause_reading();
    const std::string large(8'000'000, 'x');
    world.client->net.send(flow, large.substr(0, 4'000'000));
    world.settle();
    REQUIRE(world.client->net.counters().sent_size_bytes < 4'000'000);
    world.server.reset();
    undelivered = {large.substr(0, 4'000'000)};
  }
  SUBCASE("it had all, and did not answer") {
    world.client->net.send(flow, "first");
    REQUIRE(world.until([&] { return heard.bytes[flow.id] == "first"; }));
    world.server->heard.on_bytes = {};
    world.client->net.send(flow, "second");
    REQUIRE(world.until([&] { return world.server->heard.received_size_bytes() == 11; }));
    world.server.reset();
  }
  SUBCASE("it never had answered anything: nothing was used again") {
    world.server.reset();
    world.client->net.send(flow, "first");
    answered = false;
  }
  SUBCASE("we came to nobody: the others may come again") {
    world.server->net.send(pair->server, "NOTIFY");
    world.client.reset();
    REQUIRE(world.until([&] { return !world.server->heard.closes.empty(); }));
    CHECK(world.server->heard.undelivereds.empty());
    return;
  }
  REQUIRE(world.until([&] { return !heard.closes.empty(); }));
  CHECK(heard.undelivereds.size() == (undelivered.empty() ? 0 : 1));
  CHECK((heard.undelivereds[flow.id] == undelivered));
  CHECK(answered == !heard.bytes[flow.id].empty());
}

TEST_CASE_TEMPLATE("RFC 3261 §18.1.1: a connection that is up is found and used again", T, OverTcp,
                   OverTls) {
  Loopback world(T::transport);
  const Address address = world.listen(*world.server).value();
  const auto by = [&](const Address& remote, std::string_view name) {
    return world.client->net.find(T::transport, remote, name);
  };
  CHECK_FALSE(by(address, "localhost").has_value());
  const auto pair = world.join(address);
  REQUIRE(pair.has_value());
  CHECK(by(address, "localhost") == pair->client);
  CHECK(by(address, "LocalHost") == pair->client);
  CHECK_FALSE(
      by(address, "example.com").has_value());  // it would have to prove that it is this one
  CHECK_FALSE(by(address, "").has_value());     // by its address, likewise
  CHECK_FALSE(by(Address::v4(127, 0, 0, 2, address.port), "localhost").has_value());
  CHECK_FALSE(world.client->net.find(Transport::udp, address, "localhost").has_value());
  CHECK_FALSE(world.server->net.find(T::transport, pair->server.remote, "localhost").has_value());
  const auto second = world.join(address);
  REQUIRE(second.has_value());
  world.client->net.close(pair->client.id);
  CHECK(by(address, "localhost") == second->client);
  world.client->net.close(second->client.id);
  CHECK_FALSE(by(address, "localhost").has_value());
  REQUIRE(world.until([&] { return world.client->heard.closes.size() == 2; }));
  world.client->net.connect(T::transport, address);
  REQUIRE(world.until([&] { return world.client->heard.connects.size() == 3; }));
  CHECK(by(address, "") == world.client->heard.connects.back());
}

TEST_CASE_TEMPLATE("transport contract: shards on threads of their own", T, OverUdp, OverTcp,
                   OverTls) {
  TestTls tls;
  std::vector<std::thread> shards;
  std::array<bool, 2> good{};
  for (std::size_t i = 0; i < good.size(); ++i)
    shards.emplace_back([&tls, &result = good[i], shard = static_cast<std::uint8_t>(i)] {
      Reactor reactor;
      Party party(reactor, {.shard = shard, .client_tls = &*tls.client, .limits = {}});
      const auto address = party.net.listen(T::transport, loopback, {.tls = &*tls.server});
      if (!address) return;
      const std::uint64_t id = party.net.connect(T::transport, *address, "localhost");
      party.net.send({.id = id, .transport = T::transport, .local = *address, .remote = *address},
                     "hello");
      result = reactor.run_until([&] { return party.heard.received_size_bytes() == 5; },
                                 reactor.now() + 10s);
    });
  CHECK(tls.server->reload().has_value());
  for (std::thread& shard : shards) shard.join();
  CHECK(good == std::array{true, true});
}

}  // namespace
}  // namespace kith::net
