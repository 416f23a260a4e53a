#include "kith/host/host.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "kith/host/test_person.h"

namespace kith::host {
namespace {

TEST_CASE("RFC 3261 §4: two user agents call each other over UDP, TCP and TLS") {
  for (const Transport transport : {Transport::udp, Transport::tcp, Transport::tls}) {
    CAPTURE(to_string(transport));
    Lab lab;
    Person alice(lab, "alice", lab.config());
    Person bob(lab, "bob", lab.config());
    alice.start(transport);
    bob.start(transport);
    for (auto [caller, callee] : {std::pair{&alice, &bob}, std::pair{&bob, &alice}}) {
      caller->statuses.clear();
      callee->methods.clear();
      caller->host.request(caller->request("INVITE", callee->uri()));
      REQUIRE(lab.until([&] { return caller->statuses == "200 "; }));
      CHECK(caller->host->ack(*caller->dialog, caller->host.now()));
      REQUIRE(lab.until([&] { return callee->methods == "INVITE ACK "; }));
      caller->hang_up();
      REQUIRE(lab.until([&] { return caller->statuses == "200 200 "; }));
      CHECK(callee->methods == "INVITE ACK BYE ");
    }
    // Via names where it listens, whichever port the kernel chose for going out.
    CHECK(bob.vias.contains(alice.address.text()));
  }
}

TEST_CASE("RFC 3261 §18: a connection that is up is used again") {
  Lab lab;
  Person alice(lab, "alice", lab.config());
  Person bob(lab, "bob", lab.config());
  alice.start(Transport::tcp);
  bob.start(Transport::tcp);
  for (int i = 0; i < 3; ++i) alice.host.request(alice.request("OPTIONS", bob.uri()));
  REQUIRE(lab.until([&] { return alice.statuses == "200 200 200 "; }));
  alice.host.request(alice.request("OPTIONS", bob.uri()));
  REQUIRE(lab.until([&] { return alice.statuses == "200 200 200 200 "; }));
  CHECK(bob.host->counts().endpoint.connections == 1);
}

TEST_CASE("RFC 3261 §18: what is for where a connection came from goes over that connection") {
  Lab lab;
  Person alice(lab, "alice", lab.config());
  Person bob(lab, "bob", lab.config());
  alice.start(Transport::tcp);
  bob.start(Transport::tcp);
  alice.host.request(alice.request("OPTIONS", bob.uri()));
  REQUIRE(lab.until([&] { return alice.statuses == "200 "; }));
  bob.host.request(bob.request("OPTIONS", "sip:alice@" + bob.from.text() + ";transport=tcp"));
  REQUIRE(lab.until([&] { return bob.statuses == "200 "; }));
  CHECK(alice.methods == "OPTIONS ");
}

TEST_CASE("RFC 3263 §4.3: where one server refuses or is unavailable the next one is tried") {
  Lab lab;
  Person closed(lab, "closed", lab.config());
  Person busy(lab, "busy", lab.config());
  Person bob(lab, "bob", lab.config());
  net::Raw silent(loopback);  // bound, but nobody listens
  REQUIRE(silent.bind(loopback));
  const Address nobody = net::local_address(silent.fd.number());
  busy.start(Transport::tcp);
  busy.answer = 503;
  bob.start(Transport::tcp);
  const auto line = [](const Address& address) {
    return "_sip._tcp.example.com 127.0.0.1 " + std::to_string(address.port) + "\n";
  };
  const auto call = [&](const std::string& servers) {
    Config config = lab.config();
    config.location.overrides = *location::Overrides::parse(servers);
    auto alice = std::make_unique<Person>(lab, "alice", config);
    alice->start(Transport::tcp);
    return alice;
  };
  std::vector<std::uint64_t> started;
  std::string unreachable;
  const auto count = [&](const std::expected<ua::TransactionId, Unreachable>& id) {
    if (id)
      started.push_back(id->value);
    else
      unreachable = id.error().text();
  };

  auto alice = call(line(nobody) + line(busy.address) + line(bob.address));
  alice->host.request(alice->request("OPTIONS", "sip:bob@example.com;transport=tcp"), count);
  REQUIRE(lab.until([&] { return !alice->statuses.empty() && !alice->endings.empty(); }));
  CHECK(alice->statuses == "200 ");
  CHECK(busy.methods == "OPTIONS ");
  CHECK(bob.methods == "OPTIONS ");
  CHECK(started.size() == 2);
  CHECK(alice->endings == std::vector{ua::Ending::complete});

  // The last refusal is seen where there is no further server.
  alice = call(line(nobody) + line(busy.address));
  alice->host.request(alice->request("OPTIONS", "sip:bob@example.com;transport=tcp"), count);
  REQUIRE(lab.until([&] { return !alice->statuses.empty() && !alice->endings.empty(); }));
  CHECK(alice->statuses == "503 ");
  CHECK(alice->endings == std::vector{ua::Ending::complete});
  CHECK(unreachable.empty());

  alice = call(line(nobody));
  alice->host.request(alice->request("OPTIONS", "sip:bob@example.com;transport=tcp"), count);
  REQUIRE(lab.until([&] { return !unreachable.empty(); }));
  CHECK(unreachable == "nobody there could be reached: Connection refused");
  CHECK(alice->statuses.empty());
}

TEST_CASE("RFC 3263 §4: what cannot be sent anywhere is refused with the reason") {
  Lab lab;
  Config without_tls;
  without_tls.location.overrides = *location::Overrides::parse("192.0.2.1 host.example.com\n");
  Person alice(lab, "alice", without_tls);
  CHECK(alice.host.listen(Transport::tls, loopback).error() == std::errc::protocol_not_supported);
  alice.start(Transport::udp);
  std::vector<std::string> reasons;
  const auto note = [&](const auto& to) { reasons.push_back(to ? "reached" : to.error().text()); };
  alice.host.request(alice.request("OPTIONS", "tel:+1234"), note);
  alice.host.request(alice.request("OPTIONS", "sips:bob@127.0.0.1"), note);
  alice.host.reach(location::Request{*sip::Uri::parse("sip:a@host.example.com;transport=ws")},
                   note);
  alice.host.reach(location::Target{.transport = Transport::tls, .address = loopback}, note);
  alice.host.reach(location::Request{*sip::Uri::parse("sip:a@b.host.example.com")}, note);
  CHECK(reasons.empty());  // never from inside of the call
  REQUIRE(lab.until([&] { return reasons.size() == 4; }));
  for (const std::string& reason : reasons) CHECK(reason == "the URI is none that can be sent to");
}

TEST_CASE("host: a trace has each message with its time, direction and flow") {
  Lab lab;
  std::string traced;
  Config config = lab.config();
  config.trace = [&](const Traced& each) {
    CHECK(each.at > Time{});
    CHECK(each.flow.transport == Transport::tcp);
    traced += each.direction == ua::Direction::out ? "> " : "< ";
    traced += each.bytes.substr(0, each.bytes.find(' '));
    traced += "\n";
  };
  Person alice(lab, "alice", config);
  Person bob(lab, "bob", lab.config());
  alice.start(Transport::tcp);
  bob.start(Transport::tcp);
  alice.host.request(alice.request("OPTIONS", bob.uri()));
  REQUIRE(lab.until([&] { return alice.statuses == "200 "; }));
  CHECK(traced == "> OPTIONS\n< SIP/2.0\n");
}

TEST_CASE("host: an endpoint and a proxy run on sockets as a user agent does") {
  Lab lab;
  Person alice(lab, "alice", lab.config());
  alice.start(Transport::udp);
  Host<ua::Endpoint> endpoint(lab.reactor);
  const Address end = endpoint.listen(Transport::udp, loopback).value();
  endpoint.start({}, [&](ua::Notice& notice) {
    if (const auto* request = std::get_if<ua::RequestReceived>(&notice))
      endpoint->respond(request->transaction, sip::Message::response(request->request, 200),
                        endpoint.now());
  });
  Host<ua::Proxy> proxy(lab.reactor);
  const Address hop = proxy.listen(Transport::udp, loopback).value();
  proxy.start({}, [&](ua::ProxyEvent& event) {
    const auto* request = std::get_if<ua::ProxyRequest>(&event);
    if (request == nullptr) return;
    proxy.reach(location::Request{*sip::Uri::parse(request->next_hop)},
                [&, id = request->transaction](const std::expected<Flow, Unreachable>& to) {
                  REQUIRE(to.has_value());
                  CHECK(proxy->forward(id, {{.flow = *to}}, proxy.now()));
                });
  });
  auto request = alice.request("OPTIONS", "sip:" + end.text());
  request.add("Route", "<sip:" + hop.text() + ";lr>");
  alice.host.request(std::move(request));
  REQUIRE(lab.until([&] { return alice.statuses == "200 "; }));
}

TEST_CASE("RFC 3261 §18.2.1: UDP and TCP are listened to at the same port") {
  Lab lab;
  Person alice(lab, "alice", lab.config());
  Person bob(lab, "bob", lab.config());
  alice.start(Transport::tcp);
  bob.address = bob.host.listen(loopback).value();
  bob.host.start({}, [&](ua::Event& event) { bob.heard(event); });
  CHECK(bob.address.port != 0);
  for (const Transport over : {Transport::udp, Transport::tcp}) {
    bob.transport = over;
    alice.host.request(alice.request("OPTIONS", bob.uri()));
  }
  REQUIRE(lab.until([&] { return alice.statuses == "200 200 "; }));
  CHECK(bob.host->counts().endpoint.connections == 1);
  CHECK(alice.host.listen(bob.address).error() == std::errc::address_in_use);
}

TEST_CASE("host: run() returns after stop(), and what was to be sent before has left") {
  Lab lab;
  Person alice(lab, "alice", lab.config());
  Person bob(lab, "bob", lab.config());
  alice.start(Transport::udp);
  bob.start(Transport::udp);
  alice.host.request(alice.request("OPTIONS", bob.uri()), [&](const auto&) { alice.host.stop(); });
  alice.host.run();
  REQUIRE(lab.until([&] { return bob.methods == "OPTIONS "; }));
}

}  // namespace
}  // namespace kith::host
