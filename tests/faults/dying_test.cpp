// A server that dies in the middle of a message, of each that a call consists of.

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

// More than the buffers of both sides hold, so that a part of it has not left when the server dies.
constexpr std::size_t large_size_bytes = 1'000'000;
constexpr net::Limits small_buffers{.socket_buffer_size_bytes = 8 * 1024};

enum class Message : std::uint8_t { invite, trying, ringing, ok, ack, bye, bye_ok };

/// A call with a server that dies when a part of the fatal message has been sent or received.
struct Call : World {
  Message fatal;

  Call(Transport its_transport, Message its_fatal)
      : World(its_transport, small_buffers, {}, small_buffers), fatal(its_fatal) {
    server->heard.on_bytes = [this](const Flow& flow, std::string_view bytes) {
      heard += bytes;
      if (is_fatal("INVITE", Message::invite) || is_fatal("ACK", Message::ack) ||
          is_fatal("BYE", Message::bye))
        return die();
      while (const auto request = take()) answer(flow, *request);
    };
  }

  bool is_fatal(std::string_view method, Message message) const {
    return fatal == message && heard.starts_with(method);
  }

  void answer(const Flow& flow, const sip::Message& request) {
    if (request.method() == "INVITE") {
      send(flow, Message::trying, answer_to(request, 100));
      send(flow, Message::ringing, answer_to(request, 180));
      send(flow, Message::ok, answer_to(request, 200));
    } else if (request.method() == "BYE") {
      send(flow, Message::bye_ok, answer_to(request, 200));
    }
  }

  void send(const Flow& flow, Message message, const std::string& bytes) {
    if (fatal < message) return;
    server->net.send(flow, message == fatal ? bytes.substr(0, bytes.size() / 2) : bytes);
    if (message != fatal) return;
    // What was sent in this turn leaves at its end.
    reactor.post([this] { die(); });
  }

  std::size_t size_of(Message message) const { return message == fatal ? large_size_bytes : 0; }
  bool lost() const { return !client->all<ua::FlowClosed>().empty(); }

  void play() {
    const Address address = listen();
    client->request(transport, address, "INVITE", size_of(Message::invite));
    if (!goes_on([this] { return client->statuses().size() == 3; })) return;
    const Flow flow = client->all<ua::ResponseReceived>().back().flow;
    client->ack(flow, size_of(Message::ack));
    if (fatal == Message::ack && !goes_on([] { return false; })) return;
    client->request(transport, address, "BYE", size_of(Message::bye));
    goes_on([] { return false; });
  }

  bool goes_on(const std::function<bool()>& done) {
    REQUIRE(until([&] { return lost() || done(); }));
    return !lost();
  }
};

TEST_CASE_TEMPLATE("faults: a server dies in the middle of a message", T, OverTcp, OverTls) {
  using Statuses = std::vector<int>;
  const struct {
    const char* what;
    Message fatal;
    Statuses statuses;
    bool ends;  // whether a request of ours gets no final response
  } rows[] = {
      {"INVITE", Message::invite, {}, true},
      {"100", Message::trying, {}, true},
      {"180", Message::ringing, {100}, true},
      {"200", Message::ok, {100, 180}, true},
      {"ACK", Message::ack, {100, 180, 200}, false},
      {"BYE", Message::bye, {100, 180, 200}, true},
      {"200 to BYE", Message::bye_ok, {100, 180, 200}, true},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    Call call(T::transport, row.fatal);
    call.play();
    REQUIRE(call.until([&] { return !row.ends || !call.client->all<ua::Ended>().empty(); }));
    REQUIRE(call.until([&] { return call.client->net.connections() == 0; }));
    CHECK(call.passed() < at_once);
    CHECK(call.client->statuses() == row.statuses);
    const std::optional<ua::Ended> end = only_end(*call.client);
    CHECK(end.has_value() == row.ends);
    if (end) {
      CHECK(end->transaction == call.client->last);
      CHECK(end->why == ua::Ending::transport_error);
    }
    CHECK(call.client->all<ua::FlowClosed>().front().why == ua::Closing::by_peer);
    // What had not arrived on a connection in use is tried once more, where nobody is any more.
    const bool in_use = row.fatal == Message::ack || row.fatal == Message::bye;
    CHECK(call.client->retries == (in_use ? 1 : 0));
    if (row.fatal == Message::bye) CHECK(end->error == std::errc::connection_refused);
    CHECK(call.client->endpoint.counts().connections == 0);
    CHECK(call.client->endpoint.counts().client_transactions ==
          (row.statuses.size() == 3 ? 1 : 0));  // the INVITE, for 2xx of other forks
  }
}

TEST_CASE("faults: half a datagram is no message, and its sender's death is found out by ICMP") {
  World world(Transport::udp, {}, {.timers = {.t1 = 20ms}});
  const Address address = world.listen();
  world.answers([](const sip::Message& request) {
    const std::string whole = answer_to(request, 200);
    return whole.substr(0, whole.size() / 2);
  });
  world.client->request(Transport::udp, address, "OPTIONS");
  REQUIRE(world.until([&] { return !world.client->all<ua::Refused>().empty(); }));
  CHECK(world.client->statuses().empty());
  world.die();
  REQUIRE(world.until([&] { return only_end(*world.client).has_value(); }));
  CHECK(world.passed() < at_once);
  const ua::Ended end = *only_end(*world.client);
  CHECK(end.transaction == world.client->last);
  CHECK(end.why == ua::Ending::transport_error);
  CHECK(end.error == std::errc::connection_refused);
}

}  // namespace
}  // namespace kith::faults
