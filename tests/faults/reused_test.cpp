// A server that closes a connection which is used again.

#include <doctest/doctest.h>

#include "tests/faults/world.h"

namespace kith::faults {
namespace {

struct OverTcp {
  static constexpr Transport transport = Transport::tcp;
};
struct OverTls {
  static constexpr Transport transport = Transport::tls;
};

/// One request has been answered on the connection.
struct Reused : World {
  Address address;
  int answered = 0;

  explicit Reused(Transport its_transport) : World(its_transport) {
    serve();
    address = listen();
    client->request(transport, address, "OPTIONS");
    REQUIRE(until([&] { return client->statuses().size() == 1; }));
  }

  void serve() {
    answers([this](const sip::Message& request) {
      ++answered;
      return answer_to(request, 200);
    });
  }

  /// The process is another one, at the same port.
  void restart() {
    server.reset();
    server = party();
    serve();
    REQUIRE(listen(*server, address) == address);
  }
};

TEST_CASE_TEMPLATE("faults: a connection that is up is used again", T, OverTcp, OverTls) {
  Reused world(T::transport);
  world.client->request(T::transport, world.address, "OPTIONS");
  REQUIRE(world.until([&] { return world.client->statuses().size() == 2; }));
  CHECK(world.client->connects == 1);
  CHECK(world.client->retries == 0);
}

TEST_CASE_TEMPLATE(
    "faults: a connection that was closed in between is replaced by the next request", T, OverTcp,
    OverTls) {
  Reused world(T::transport);
  world.server->net.close(world.server->heard.opens.front().id);
  REQUIRE(world.until([&] { return !world.client->all<ua::FlowClosed>().empty(); }));
  world.client->request(T::transport, world.address, "OPTIONS");
  REQUIRE(world.until([&] { return world.client->statuses().size() == 2; }));
  CHECK(world.client->connects == 2);
  CHECK(world.client->retries == 0);
  CHECK(world.client->all<ua::Ended>().empty());
}

TEST_CASE_TEMPLATE(
    "faults: what was written as it closed is sent again on a fresh one, and answered", T, OverTcp,
    OverTls) {
  Reused world(T::transport);
  world.restart();  // the client does not know yet
  world.client->request(T::transport, world.address, "OPTIONS");
  const std::optional<ua::TransactionId> sent = world.client->last;
  world.client->request(T::transport, world.address, "MESSAGE");
  REQUIRE(world.until([&] { return world.client->statuses().size() == 3; }));
  CHECK(world.passed() < at_once);
  CHECK(world.client->all<ua::ResponseReceived>().at(1).transaction == sent);
  CHECK(world.client->connects == 2);
  CHECK(world.client->retries == 1);
  CHECK(world.client->all<ua::Ended>().empty());
  CHECK(world.client->all<ua::FlowClosed>().size() == 1);
  CHECK(world.answered == 3);                                     // nothing arrived twice
  world.client->request(T::transport, world.address, "OPTIONS");  // the fresh one is found
  REQUIRE(world.until([&] { return world.client->statuses().size() == 4; }));
  CHECK(world.client->connects == 2);
}

TEST_CASE_TEMPLATE("faults: what cannot be sent again either is told to its own transaction", T,
                   OverTcp, OverTls) {
  Reused world(T::transport);
  SUBCASE("nobody is there any more") {
    world.server.reset();
    world.client->request(T::transport, world.address, "OPTIONS");
    REQUIRE(world.until([&] { return only_end(*world.client).has_value(); }));
    CHECK(only_end(*world.client)->error == std::errc::connection_refused);
  }
  SUBCASE("the fresh one breaks like the first: there is no third") {
    world.restart();
    world.server->heard.on_bytes = {};
    world.server->heard.on_open = [&](const Flow&) { world.die(); };
    world.client->request(T::transport, world.address, "OPTIONS");
    REQUIRE(world.until([&] { return only_end(*world.client).has_value(); }));
  }
  CHECK(world.passed() < at_once);
  CHECK(only_end(*world.client)->transaction == world.client->last);
  CHECK(only_end(*world.client)->why == ua::Ending::transport_error);
  CHECK(world.client->connects == 2);
  CHECK(world.client->retries == 1);
  CHECK(world.client->endpoint.counts() == ua::Counts{});
}

TEST_CASE_TEMPLATE("faults: what has arrived and is not answered is not sent again", T, OverTcp,
                   OverTls) {
  Reused world(T::transport);
  bool arrived = false;
  world.answers([&](const sip::Message&) {
    arrived = true;
    return std::string{};
  });
  world.client->request(T::transport, world.address, "MESSAGE");
  REQUIRE(world.until([&] { return arrived; }));
  world.restart();
  REQUIRE(world.until([&] { return only_end(*world.client).has_value(); }));
  CHECK(world.passed() < at_once);
  CHECK(only_end(*world.client)->why == ua::Ending::transport_error);
  CHECK(world.client->retries == 0);
  CHECK(world.answered == 1);
}

}  // namespace
}  // namespace kith::faults
