// Requests in a dialog, and responses, whose connection is gone.
#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "kith/host/test_person.h"

namespace kith::host {
namespace {

/// A proxy that both sides of a call go through.
struct Hop {
  Host<ua::Proxy> host;
  Address address{};
  std::string methods{};

  Hop(Lab& lab, Transport transport) : host(lab.reactor, lab.config()) {
    address = host.listen(transport, loopback).value();
    host.start({.record_route = uri()}, [this](ua::ProxyEvent& event) { heard(event); });
  }
  std::string uri() const { return "sip:" + address.text() + ";transport=tcp;lr"; }

 private:
  void heard(ua::ProxyEvent& event) {
    if (const auto* request = std::get_if<ua::ProxyRequest>(&event)) {
      methods += std::string{request->message.method()} + " ";
      reach(request->next_hop, [this, id = request->transaction](const Flow& flow) {
        CHECK(host->forward(id, {{.flow = flow}}, host.now()));
      });
    } else if (const auto* ack = std::get_if<ua::ProxyAck>(&event)) {
      reach(ack->next_hop, [this, ack = *ack](const Flow& flow) {
        host->forward_statelessly(ack, {.flow = flow}, host.now());
      });
    }
  }
  void reach(const std::string& uri, const std::function<void(const Flow&)>& then) {
    host.reach(location::Request{*sip::Uri::parse(uri)},
               [then](const std::expected<Flow, Unreachable>& to) {
                 REQUIRE(to.has_value());
                 then(*to);
               });
  }
};

/// Alice has called bob, who has answered, and perhaps had her ACK.
struct Called : Lab {
  enum class Through : std::uint8_t { nothing, proxy };

  std::unique_ptr<Hop> hop{};
  Person alice{*this, "alice", config()};
  std::unique_ptr<Person> bob = std::make_unique<Person>(*this, "bob", config());
  std::string refusal{};
  std::vector<std::uint64_t> started{};

  explicit Called(Transport transport, Through through = Through::nothing) {
    if (through == Through::proxy) hop = std::make_unique<Hop>(*this, transport);
    alice.start(transport);
    bob->start(transport);
    auto invite = alice.request("INVITE", bob->uri());
    if (hop) invite.add("Route", "<" + hop->uri() + ">");
    alice.host.request(std::move(invite));
    REQUIRE(until([&] { return alice.statuses == "200 "; }));
  }
  void acknowledge() {
    alice.host.ack(*alice.dialog);
    REQUIRE(until([&] { return bob->methods == "INVITE ACK "; }));
  }
  static std::size_t connections(Person& person) {
    return person.host->counts().endpoint.connections;
  }
  /// The connection of her dialog closes.
  void disconnect() {
    alice.host->close(*alice.host->flow(*alice.dialog), alice.host.now());
    REQUIRE(until([&] { return connections(alice) == 0; }));
  }
  void disconnect_both() {
    disconnect();
    REQUIRE(until([&] { return connections(*bob) == 0; }));
  }
  void send(Person& from, std::string_view method) {
    from.host.send(*from.dialog, *from.host->draft(*from.dialog, method), [this](const auto& id) {
      if (id)
        started.push_back(id->value);
      else
        refusal = id.error().text();
    });
  }
};

TEST_CASE("RFC 3261 §12.2.1.1: a request of a dialog whose connection is gone makes a fresh one") {
  for (const Transport transport : {Transport::tcp, Transport::tls}) {
    for (const bool caller : {true, false}) {
      CAPTURE(to_string(transport));
      CAPTURE(caller);
      Called call(transport);
      call.acknowledge();
      call.disconnect_both();
      Person& from = caller ? call.alice : *call.bob;
      Person& to = caller ? *call.bob : call.alice;
      from.statuses.clear();
      to.methods.clear();
      call.send(from, "INFO");
      call.send(from, "MESSAGE");  // while the connection is being made
      CHECK(call.started.empty());
      REQUIRE(call.until([&] { return from.statuses == "200 200 "; }));
      CHECK(to.methods == "INFO MESSAGE ");
      CHECK(call.started.size() == 2);
      call.send(from, "BYE");
      CHECK(call.started.size() == 3);  // it is there: within the call
      REQUIRE(call.until([&] { return from.statuses == "200 200 200 "; }));
      CHECK(call.refusal.empty());
      CHECK(Called::connections(from) == 1);
      CHECK(Called::connections(to) == 1);
      CHECK(from.host->counts().dialogs == 0);
      CHECK(to.host->counts().dialogs == 0);
    }
  }
}

TEST_CASE("RFC 3261 §12.2.1.1: also in the turn in which this side closes the connection") {
  Called call(Transport::tcp);
  call.acknowledge();
  call.alice.host->close(*call.alice.host->flow(*call.alice.dialog), call.alice.host.now());
  call.send(call.alice, "INFO");
  REQUIRE(call.until([&] { return call.alice.statuses == "200 200 "; }));
  CHECK(call.bob->methods == "INVITE ACK INFO ");
}

TEST_CASE("RFC 3261 §13.2.2.4: an ACK whose connection is gone makes a fresh one") {
  Called call(Transport::tcp);
  call.disconnect_both();
  call.acknowledge();
  CHECK(call.alice.host->counts().dialogs == 1);
}

TEST_CASE("RFC 3261 §12.2.1.1: it goes to the first of the routes, and a proxy does likewise") {
  Called call(Transport::tcp, Called::Through::proxy);
  call.acknowledge();
  call.disconnect();
  call.send(call.alice, "INFO");
  REQUIRE(call.until([&] { return call.alice.statuses == "200 200 "; }));
  CHECK(call.hop->methods == "INVITE INFO ");
  // Now the other half is gone.
  call.bob->host->close(*call.bob->host->flow(*call.bob->dialog), call.bob->host.now());
  REQUIRE(call.until([&] { return Called::connections(*call.bob) == 0; }));
  call.send(*call.bob, "INFO");
  REQUIRE(call.until([&] { return call.bob->statuses == "200 "; }));
  CHECK(call.hop->methods == "INVITE INFO INFO ");
  CHECK(call.alice.methods == "INFO ");
}

TEST_CASE("RFC 3261 §12.2.1.1: where nobody can be reached the dialog stays, and says why") {
  Called call(Transport::tcp);
  call.acknowledge();
  call.bob.reset();
  REQUIRE(call.until([&] { return Called::connections(call.alice) == 0; }));
  call.send(call.alice, "INFO");
  REQUIRE(call.until([&] { return !call.refusal.empty(); }));
  CHECK(call.refusal == "nobody there could be reached: Connection refused");
  CHECK(call.started.empty());
  CHECK(call.alice.host->counts().dialogs == 1);
}

TEST_CASE("host: what the dialog does not take is refused with its reason") {
  Called call(Transport::tcp);
  std::string why;
  const auto note = [&](const std::expected<void, Unreachable>& done) {
    why = done ? "sent" : done.error().text();
  };
  call.alice.host.ack(*call.alice.dialog, {}, {}, note);
  CHECK(why == "sent");
  call.alice.host.ack(*call.alice.dialog, {}, {}, note);
  CHECK(why == "the dialog does not take it: duplicate ACK");
  sip::Message info = *call.alice.host->draft(*call.alice.dialog, "INFO");
  call.alice.host->drop(*call.alice.dialog);
  call.alice.host.send(*call.alice.dialog, std::move(info),
                       [&](const auto& id) { why = id ? "sent" : id.error().text(); });
  CHECK(why == "the dialog does not take it: missing dialog");
  why.clear();
  call.alice.host.ack(*call.alice.dialog, {}, {}, note);
  CHECK(why == "the dialog does not take it: missing dialog");
}

/// A peer that asks over a connection, which is gone before there is an answer.
struct Asked : Lab {
  std::unique_ptr<net::Party> peer =
      std::make_unique<net::Party>(reactor, net::TransportsOptions{.client_tls = &*tls.client});
  std::string sent_by{};
  std::vector<ua::TransactionId> waiting{};
  std::optional<sip::Message> request{};
  std::size_t closed = 0;
  std::size_t ended = 0;
  std::size_t stranded = 0;

  void hear(const ua::RequestReceived& one) { hear(one.transaction, one.request); }
  void hear(const ua::Request& one) { hear(one.transaction, one.message); }
  void hear(const ua::ProxyRequest& one) { hear(one.transaction, one.message); }
  void hear(ua::TransactionId id, const sip::Message& message) {
    waiting.push_back(id);
    request = message;
  }
  void hear(const ua::FlowClosed&) { ++closed; }
  void hear(const ua::Ended&) { ++ended; }
  void hear(const ua::TransactionEnded&) { ++ended; }
  void hear(const ua::ProxyEnded&) { ++ended; }
  void hear(const ua::ReplyStranded&) { ++stranded; }
  void hear(const auto&) {}

  /// What the peer has heard of the agent's 200, by a connection that the agent has made.
  template <class Agent>
  std::string answer_of(Transport transport, const Config& config) {
    Host<Agent> host(reactor, config);
    const Address at = host.listen(transport, loopback).value();
    host.start({}, [this](auto& event) {
      std::visit([this](const auto& each) { this->hear(each); }, event);
    });
    const std::uint64_t id = peer->net.connect(transport, at, "127.0.0.1");
    REQUIRE(until([&] { return peer->heard.connects.size() == 1; }));
    auto options =
        ua::new_request("OPTIONS", "sip:a@127.0.0.1", "sip:b@" + at.text(), host.random());
    options.prepend(
        "Via", "SIP/2.0/" + std::string{to_string(transport)} + " " + sent_by + ";branch=z9hG4bK1");
    peer->net.send(peer->heard.connects.front(), options.write());
    REQUIRE(until([&] { return !waiting.empty(); }));
    peer->net.close(id);
    REQUIRE(until([&] { return closed == 1; }));
    (void)host->respond(waiting.front(), sip::Message::response(*request, 200), host.now());
    // Of an answer that leaves, the end is no sign that it has.
    const bool leaves = config.replies_anew;
    REQUIRE(
        until([&] { return !peer->heard.bytes.empty() || stranded + (leaves ? 0 : ended) > 0; }));
    return peer->heard.bytes.empty() ? "" : peer->heard.bytes.begin()->second.substr(0, 14);
  }
  Asked& listens(Transport transport) {
    const auto at = peer->net.listen(transport, loopback, {.tls = &*tls.server});
    sent_by = at.value().text();
    return *this;
  }
};

TEST_CASE("RFC 3261 §18.2.2: a response whose connection is gone goes over a new one to sent-by") {
  const auto answered = [](Transport transport, auto answer) {
    Asked asked;
    asked.listens(transport);
    CHECK(answer(asked) == "SIP/2.0 200 OK");
    CHECK(asked.stranded == 0);
  };
  for (const Transport transport : {Transport::tcp, Transport::tls}) {
    CAPTURE(to_string(transport));
    answered(transport, [transport](Asked& asked) {
      return asked.answer_of<ua::UserAgent>(transport, asked.config());
    });
  }
  answered(Transport::tcp, [](Asked& asked) {
    return asked.answer_of<ua::Endpoint>(Transport::tcp, asked.config());
  });
  answered(Transport::tcp,
           [](Asked& asked) { return asked.answer_of<ua::Proxy>(Transport::tcp, asked.config()); });
}

TEST_CASE("RFC 3261 §18.2.2: a response that finds nobody at sent-by is shown") {
  net::Raw nobody(loopback);  // bound, but nobody listens
  REQUIRE(nobody.bind(loopback));
  Asked asked;
  asked.sent_by = net::local_address(nobody.fd.number()).text();
  CHECK(asked.answer_of<ua::UserAgent>(Transport::tcp, asked.config()).empty());
  CHECK(asked.stranded == 1);
}

TEST_CASE("RFC 3261 §18.2.2: a response goes to no other host than the request came from") {
  Asked asked;
  asked.sent_by = asked.peer->net.listen(Transport::tcp, *Address::parse_host("127.0.0.2", 0), {})
                      .value()
                      .text();
  CHECK(asked.answer_of<ua::UserAgent>(Transport::tcp, asked.config()).empty());
  CHECK(asked.stranded == 1);
}

TEST_CASE("RFC 3261 §18.2.2: who does not want that hears that the request is over") {
  Asked asked;
  Config config = asked.config();
  config.replies_anew = false;
  CHECK(asked.listens(Transport::tcp).answer_of<ua::UserAgent>(Transport::tcp, config).empty());
  CHECK(asked.ended == 1);
  CHECK(asked.stranded == 0);
}

}  // namespace
}  // namespace kith::host
