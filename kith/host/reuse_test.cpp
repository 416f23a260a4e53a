#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "kith/host/test_person.h"

// Connections that are used again, and break at that.

namespace kith::host {
namespace {

/// Alice has had an answer from bob over a connection that is up.
struct Reused : Lab {
  Transport transport;
  std::set<std::uint64_t> connections{};  // that something left on
  std::string left{};                     // the methods
  std::vector<std::uint64_t> started{};
  std::unique_ptr<Person> alice;
  std::unique_ptr<Person> bob;

  explicit Reused(Transport its_transport) : transport(its_transport) {
    Config traced = config();
    traced.trace = [this](const Traced& each) {
      if (each.direction == ua::Direction::in) return;
      connections.insert(each.flow.id);
      left += std::string{each.bytes.substr(0, each.bytes.find(' '))} + " ";
    };
    alice = std::make_unique<Person>(*this, "alice", traced);
    alice->start(transport);
    serve(loopback);
    ask("OPTIONS");
    REQUIRE(until([&] { return alice->statuses == "200 "; }));
  }
  void serve(const Address& at) {
    bob = std::make_unique<Person>(*this, "bob", config());
    bob->start(transport, at);
  }
  void ask(std::string_view method) {
    alice->host.request(alice->request(method, bob->uri()),
                        [this](const auto& id) { started.push_back(id ? id->value : 0); });
  }
};

TEST_CASE("RFC 3261 §18.4: what was written as a connection closed is sent again on a fresh one") {
  for (const Transport transport : {Transport::tcp, Transport::tls}) {
    CAPTURE(to_string(transport));
    Reused lab(transport);
    const Address at = lab.bob->address;
    lab.bob.reset();
    lab.serve(at);  // another one at the same port: alice does not know yet
    lab.ask("MESSAGE");
    REQUIRE(lab.until([&] { return lab.alice->statuses == "200 200 "; }));
    CHECK(lab.bob->methods == "MESSAGE ");
    CHECK(lab.left == "OPTIONS MESSAGE MESSAGE ");
    CHECK(lab.connections.size() == 2);
    CHECK(lab.started.size() == 2);  // the transaction is the same
    lab.ask("OPTIONS");              // the fresh one is found
    REQUIRE(lab.until([&] { return lab.alice->statuses == "200 200 200 "; }));
    CHECK(lab.connections.size() == 2);
    CHECK(lab.alice->endings == std::vector(3, ua::Ending::complete));
  }
}

TEST_CASE("RFC 3261 §18.4: what cannot be sent again either is told to its own transaction") {
  for (const Transport transport : {Transport::tcp, Transport::tls}) {
    CAPTURE(to_string(transport));
    Reused lab(transport);
    const Address at = lab.bob->address;
    lab.bob.reset();
    lab.alice->host.request(lab.alice->request(
        "MESSAGE", "sip:" + at.text() + ";transport=" + std::string{to_string(transport)}));
    REQUIRE(lab.until([&] { return lab.alice->endings.size() == 2; }));
    CHECK(lab.left == "OPTIONS MESSAGE MESSAGE ");
    CHECK(lab.alice->endings.back() == ua::Ending::transport_error);
    CHECK(lab.alice->error == std::errc::connection_refused);
    CHECK(lab.alice->statuses == "200 ");
    CHECK(lab.alice->host->counts().endpoint.client_transactions == 0);
  }
}

TEST_CASE("RFC 3261 §18.4: a peer that breaks the fresh one as well is not tried a third time") {
  Reused lab(Transport::tcp);
  const Address at = lab.bob->address;
  lab.bob.reset();
  // It says something, so that the connection has been in use, reads nothing, and goes away.
  net::Party hostile(lab.reactor, {.client_tls = nullptr, .limits = {.close_timeout = 10ms}});
  hostile.net.pause_reading();
  hostile.heard.on_open = [&](const Flow& flow) {
    hostile.net.send(flow, "\r\n");
    hostile.net.close(flow.id);
  };
  REQUIRE(hostile.net.listen(Transport::tcp, at));
  auto message = lab.alice->request("MESSAGE", "sip:" + at.text() + ";transport=tcp");
  constexpr std::size_t more_than_is_acknowledged = 1'000'000;
  message.set_body("text/plain", std::string(more_than_is_acknowledged, 'x'));
  lab.alice->host.request(std::move(message));
  REQUIRE(lab.until([&] { return lab.alice->endings.size() == 2; }));
  CHECK(lab.alice->endings.back() == ua::Ending::transport_error);
  CHECK(lab.left == "OPTIONS MESSAGE MESSAGE ");
  CHECK(hostile.heard.opens.size() == 1);
}

}  // namespace
}  // namespace kith::host
