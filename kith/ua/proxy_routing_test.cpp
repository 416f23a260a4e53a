#include "kith/ua/proxy_routing.h"

#include <doctest/doctest.h>

#include <string>

#include "kith/sip/headers.h"
#include "kith/ua/testing/net.h"

namespace kith::ua {
namespace {

using testing::AgentNode;
using testing::Net;
using testing::ProxyNode;

const std::vector<std::string> names{"p.example.com", "q.example.com:5070", "[2001:db8::1]:5072"};

Flow flow_here() {
  return {.id = 7,
          .transport = Transport::udp,
          .local = *Address::parse_host("192.0.2.1", 5060),
          .remote = *Address::parse_host("192.0.2.9", 5060)};
}

sip::Message request_to(std::string_view uri, std::string_view routes = {}) {
  std::string text{"INVITE "};
  text.append(uri).append(" SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\n").append(routes);
  text.append("From: <sip:a@a>;tag=1\r\nTo: <sip:b@b>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n\r\n");
  return *sip::Message::parse(text);
}

TEST_CASE("RFC 3261 §16.4: which URIs are the proxy's") {
  struct Row {
    std::string_view uri;
    bool own;
  };
  for (const Row& row :
       {Row{"sip:p.example.com", true}, Row{"sip:x@P.EXAMPLE.com;lr", true},
        Row{"sip:p.example.com:5060", true}, Row{"sips:p.example.com", true},
        Row{"sip:p.example.com;transport=tls", true}, Row{"sip:q.example.com:5070", true},
        Row{"sip:[2001:db8::1]:5072", true}, Row{"sip:192.0.2.1", true},
        Row{"sip:p.example.com:5070", false}, Row{"sip:q.example.com", false},
        Row{"sip:pp.example.com", false}, Row{"sip:example.com", false},
        Row{"sip:192.0.2.1:5061", false}, Row{"sip:192.0.2.2", false},
        Row{"sip:[2001:db8::1]", false}, Row{"tel:+1234", false}}) {
    CAPTURE(row.uri);
    CHECK(is_own(*sip::UriView::parse(row.uri), names, flow_here()) == row.own);
  }
}

TEST_CASE("RFC 3261 §16.4: Route is preprocessed") {
  struct Row {
    std::string_view uri, routes;
    std::string_view uri_after, routes_after;
    bool removed;
  };
  for (const Row& row : {
           Row{"sip:b@b", "Route: <sip:p.example.com;lr>, <sip:n;lr>\r\n", "sip:b@b", "<sip:n;lr>",
               true},
           Row{"sip:b@b", "Route: <sip:n;lr>, <sip:p.example.com;lr>\r\n", "sip:b@b",
               "<sip:n;lr>, <sip:p.example.com;lr>", false},
           Row{"sip:b@b", "", "sip:b@b", "", false},
           // A strict router was before us.
           Row{"sip:p.example.com;lr", "Route: <sip:n;lr>\r\nRoute: <sip:b@b>\r\n", "sip:b@b",
               "<sip:n;lr>", false},
           Row{"sip:p.example.com;lr", "", "sip:p.example.com;lr", "", false},
           Row{"sip:p.example.com", "Route: <sip:n;lr>\r\n", "sip:p.example.com", "<sip:n;lr>",
               false},
           Row{"sip:n;lr", "Route: <sip:b@b>\r\n", "sip:n;lr", "<sip:b@b>", false},
           // maddr
           Row{"sip:b@b;maddr=p.example.com;transport=udp", "", "sip:b@b", "", false},
           Row{"sip:b@b:5070;maddr=q.example.com", "", "sip:b@b", "", false},
           Row{"sip:b@b;maddr=n", "", "sip:b@b;maddr=n", "", false},
       }) {
    CAPTURE(row.uri);
    CAPTURE(row.routes);
    sip::Message request = request_to(row.uri, row.routes);
    CHECK(preprocess_route(request, names, flow_here()).has_value() == row.removed);
    CHECK(request.request_uri() == row.uri_after);
    CHECK(request.text("Route") == row.routes_after);
  }
}

TEST_CASE("RFC 3261 §16.6 step 6: a strict router finds itself in the Request-URI") {
  sip::Message strict = request_to("sip:b@b", "Route: <sip:s>, <sip:n;lr>\r\n");
  prepare_for_strict_router(strict);
  CHECK(strict.request_uri() == "sip:s");
  CHECK(strict.texts("Route") == std::vector<std::string_view>{"<sip:n;lr>", "<sip:b@b>"});
  for (const std::string_view routes : {"Route: <sip:n;lr>\r\n", ""}) {
    sip::Message loose = request_to("sip:b@b", routes);
    const std::string before = loose.write();
    prepare_for_strict_router(loose);
    CHECK(loose.write() == before);
  }
  CHECK(next_hop_of(request_to("sip:b@b", "Route: <sip:n;lr>\r\n")) == "sip:n;lr");
  CHECK(next_hop_of(request_to("sip:b@b")) == "sip:b@b");
}

TEST_CASE("RFC 5393 §4.2.1: the mark changes with whatever changes the way") {
  const transaction::HashKey secret{1, 2, 3};
  const std::string mark = loop_mark(request_to("sip:b@b"), secret);
  CHECK(loop_mark(request_to("sip:b@b"), secret) == mark);
  CHECK(loop_mark(request_to("sip:c@b"), secret) != mark);
  CHECK(loop_mark(request_to("sip:b@b", "Route: <sip:n;lr>\r\n"), secret) != mark);
  CHECK(loop_mark(request_to("sip:b@b", "Proxy-Require: x\r\n"), secret) != mark);
  CHECK(loop_mark(request_to("sip:b@b"), {3, 2, 1}) != mark);
  const std::string via = "Via: SIP/2.0/UDP p;branch=z9hG4bK00.1";
  CHECK(has_looped(request_to("sip:b@b", via + "-" + mark + "\r\n"), mark));
  CHECK_FALSE(has_looped(request_to("sip:b@b", via + mark + "\r\n"), mark));
  CHECK_FALSE(has_looped(request_to("sip:b@b", via + "-" + mark + "0\r\n"), mark));
}

/// Alice asks bob through one proxy that remembers nothing.
struct Stateless {
  Net net;
  AgentNode alice{net, 5060};
  ProxyNode proxy{net, 5070, {.stateless = true}};
  AgentNode bob{net, 6050};

  Stateless() {
    proxy.stateless = true;
    proxy.places["bob"] = {{.port = 6050, .uri = bob.uri("bob")}};
  }
  TransactionId ask(std::string_view method) {
    sip::Message request = sip::Message::request(method, proxy.uri("bob"));
    request.add("From", "<sip:alice@127.0.0.1>;tag=a1");
    request.add("To", "<sip:bob@127.0.0.1>");
    request.add("Call-ID", "c1");
    request.add("CSeq", "1 " + std::string{method});
    request.add("Contact", "<" + alice.uri("alice") + ">");
    const TransactionId id = alice.agent.request(alice.to(5070), std::move(request), net.now);
    net.settle();
    return id;
  }
  void answer(int status) {
    sip::Message response = sip::Message::response(bob.last<Request>().message, status);
    response.add("Contact", "<" + bob.uri("bob") + ">");
    REQUIRE(bob.agent.respond(bob.last<Request>().transaction, std::move(response), net.now));
    net.settle();
  }
  int status() const { return alice.last<Response>().message.status(); }
};

TEST_CASE("RFC 3261 §16.11: a stateless proxy forwards requests, responses, CANCEL and ACK") {
  Stateless net;
  const TransactionId invite = net.ask("INVITE");
  CHECK(net.proxy.proxy.counts() == ProxyCounts{});
  net.answer(180);
  CHECK(net.status() == 180);
  CHECK(net.alice.last<Response>().message.texts("Via").size() == 1);
  CHECK(net.alice.agent.cancel(invite, net.net.now));
  net.net.settle();
  CHECK(net.bob.all<Cancelled>().size() == 1);
  CHECK(net.status() == 487);
  CHECK(net.bob.sent_of("SIP/2.0 487") == 1);  // its ACK came
  net.net.wait(1h);
  CHECK(net.bob.sent_of("SIP/2.0 487") == 1);
  CHECK(net.proxy.proxy.counts() == ProxyCounts{});
  CHECK(net.alice.agent.counts() == AgentCounts{});
  CHECK(net.bob.agent.counts() == AgentCounts{});
}

TEST_CASE("RFC 3261 §16.11: a request that comes again has the branch that it had") {
  Stateless net;
  net.bob.gone = true;
  net.ask("MESSAGE");
  net.net.wait(2s);
  std::string branch;
  for (const std::string& sent : net.proxy.sent) {
    const auto message = sip::Message::parse(sent);
    const std::string text{message->view<sip::Via>()->value().branch().value()};
    CHECK((branch.empty() || branch == text));
    branch = text;
  }
  CHECK(net.proxy.sent.size() == 3);
}

TEST_CASE("RFC 6026 §7.3: a response that belongs to nothing is dropped") {
  for (const bool stateless : {false, true}) {
    Net net;
    ProxyNode proxy{net, 5070, {.stateless = stateless}};
    const std::string answer =
        "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP p;branch=z9hG4bK00.0700000000000000s0011223344556677"
        "\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKa\r\nFrom: <sip:a@a>;tag=1\r\n"
        "To: <sip:b@b>;tag=2\r\nCall-ID: c\r\nCSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n";
    proxy.receive(proxy.to(6050), answer);
    net.settle();
    CHECK(proxy.sent.empty());
    CHECK(proxy.all<Refused>().size() == 1);
  }
}

}  // namespace
}  // namespace kith::ua
