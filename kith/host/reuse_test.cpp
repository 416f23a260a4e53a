#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "kith/host/test_person.h"

// Connections that are used again: those that break at that, and those that a peer lends.

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

/// A server that asks clients for certificates, and a peer who has one for a.example, or none, and
/// whose port of sent-by nobody listens on.
struct Lent : Lab {
  net::TestFolder folder{};
  net::TlsFiles own{.certificate = folder.file("own.pem"), .key = folder.file("own_key.pem")};
  std::optional<net::TlsContext> peers_tls{};
  std::unique_ptr<net::Party> peer{};
  std::unique_ptr<Person> bob{};
  net::Raw port{loopback};  // bound, but nobody listens
  std::string sent_by{};

  explicit Lent(bool shows_certificate) {
    net::write_test_certificate(own, {"", "URI:sip:a.example", ""});
    tls.server = std::move(
        net::TlsContext::server(tls.files, {.certificate = net::TlsClients::Certificate::requested,
                                            .trust = {.authorities = own.certificate}})
            .value());
    peers_tls =
        std::move(net::TlsContext::client({.authorities = tls.files.certificate},
                                          shows_certificate ? std::optional{own} : std::nullopt)
                      .value());
    peer = std::make_unique<net::Party>(reactor, net::TransportsOptions{.client_tls = &*peers_tls});
    Config to_peer = config();
    to_peer.location.overrides =
        *location::Overrides::parse("127.0.0.1 a.example\n127.0.0.1 b.example\n");
    bob = std::make_unique<Person>(*this, "bob", to_peer);
    bob->start(Transport::tls);
    REQUIRE(port.bind(loopback));
    sent_by = net::local_address(port.fd.number()).text();
  }
  /// The peer asks for something, with these parameters of its Via.
  void offer(const std::string& params) {
    const std::uint64_t id = peer->net.connect(Transport::tls, bob->address, "127.0.0.1");
    REQUIRE(until([&] { return peer->heard.connects.size() == 1; }));
    auto request = ua::new_request("OPTIONS", "sip:a.example", bob->uri(), bob->host.random());
    request.prepend("Via", "SIP/2.0/TLS " + sent_by + ";branch=z9hG4bK1" + params);
    peer->net.send(peer->heard.connects.front(), request.write());
    REQUIRE(until([&] { return peer->heard.bytes[id].contains("200 OK"); }));
    peer->heard.bytes.clear();
  }
  /// Whether a request to the domain, at the port of sent-by, comes over the peer's connection.
  bool comes(const std::string& domain) {
    bool unreachable = false;
    const std::string uri = "sip:" + domain + sent_by.substr(sent_by.find(':')) + ";transport=tls";
    bob->host.request(bob->request("MESSAGE", uri),
                      [&](const auto& started) { unreachable = !started.has_value(); });
    REQUIRE(until([&] { return unreachable || !peer->heard.bytes.empty(); }));
    return !unreachable;
  }
};

TEST_CASE("RFC 5923 §8.2: requests for a domain go over the connection that its server lent") {
  Lent lab(true);
  lab.offer(";alias");
  CHECK(lab.comes("a.example"));
  CHECK(lab.bob->host->counts().endpoint.connections == 1);
  lab.peer->heard.bytes.clear();
  SUBCASE("but not those for another domain at that address: RFC 5923 §9.3") {
    CHECK_FALSE(lab.comes("b.example"));
  }
  SUBCASE("until it is closed") {
    lab.peer->net.close(lab.peer->heard.connects.front().id);
    REQUIRE(lab.until([&] { return lab.bob->host->counts().endpoint.connections == 0; }));
    CHECK_FALSE(lab.comes("a.example"));
  }
}

TEST_CASE("RFC 5923 §8.2: a connection is not lent without alias, nor without a certificate") {
  SUBCASE("without alias") {
    Lent lab(true);
    lab.offer(";x=alias");
    CHECK_FALSE(lab.comes("a.example"));
  }
  SUBCASE("without a certificate") {
    Lent lab(false);
    lab.offer(";alias");
    CHECK_FALSE(lab.comes("a.example"));
  }
}

/// Alice stands for a.example; bob asks who comes for a certificate.
struct Offering : Lab {
  net::TestFolder folder{};
  net::TlsFiles own{.certificate = folder.file("own.pem"), .key = folder.file("own_key.pem")};
  std::optional<net::TlsContext> alices_tls{};
  std::unique_ptr<Person> alice{};
  std::unique_ptr<Person> bob{};

  explicit Offering(bool has_certificate = true) {
    net::write_test_certificate(own, {"", "URI:sip:a.example", ""});
    tls.server = std::move(
        net::TlsContext::server(tls.files, {.certificate = net::TlsClients::Certificate::requested,
                                            .trust = {.authorities = own.certificate}})
            .value());
    alices_tls =
        std::move(net::TlsContext::client({.authorities = tls.files.certificate},
                                          has_certificate ? std::optional{own} : std::nullopt)
                      .value());
    Config bobs = config();
    bobs.location.overrides = *location::Overrides::parse("127.0.0.1 a.example\n");
    bob = std::make_unique<Person>(*this, "bob", bobs);
  }
  Config alices() {
    Config hers = config();
    hers.client_tls = &*alices_tls;
    return hers;
  }
  /// The Via that bob reads.
  std::string via(const Config& hers, Transport listens, Transport to) {
    bob->start(to);
    alice = std::make_unique<Person>(*this, "alice", hers);
    alice->start(listens);
    alice->host.request(alice->request("OPTIONS", bob->uri()));
    REQUIRE(until([&] { return alice->statuses == "200 "; }));
    return bob->vias;
  }
};

TEST_CASE("RFC 5923 §8.1: who listens, and shows a certificate, offers its connection") {
  Offering lab;
  CHECK(lab.via(lab.alices(), Transport::tls, Transport::tls).contains(";alias"));
  // Requests for her domain, at the port of sent-by, come over it.
  const std::string port = std::to_string(lab.alice->address.port);
  lab.bob->host.request(lab.bob->request("MESSAGE", "sip:a.example:" + port + ";transport=tls"));
  REQUIRE(lab.until([&] { return lab.bob->statuses == "200 "; }));
  CHECK(lab.alice->methods == "MESSAGE ");
  CHECK(lab.alice->host->counts().endpoint.connections == 1);
}

TEST_CASE("RFC 5923 §8.1: nobody else offers a connection") {
  using enum Transport;
  SUBCASE("over TCP, where nobody could know who it is") {
    Offering lab;
    CHECK_FALSE(lab.via(lab.alices(), tcp, tcp).contains("alias"));
  }
  SUBCASE("who does not listen for TLS") {
    Offering lab;
    CHECK_FALSE(lab.via(lab.alices(), tcp, tls).contains("alias"));
  }
  SUBCASE("without a certificate") {
    Offering lab(false);
    CHECK_FALSE(lab.via(lab.alices(), tls, tls).contains("alias"));
  }
  SUBCASE("who was told not to") {
    Offering lab;
    Config config = lab.alices();
    config.offers_alias = false;
    CHECK_FALSE(lab.via(config, tls, tls).contains("alias"));
  }
}

}  // namespace
}  // namespace kith::host
