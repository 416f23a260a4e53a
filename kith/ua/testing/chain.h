#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "kith/ua/testing/net.h"

namespace kith::ua::testing {

inline sip::Message request_of(std::string_view method, std::string_view uri,
                               std::string_view extra = {}) {
  std::string text{method};
  text.append(" ")
      .append(uri)
      .append(" SIP/2.0\r\nFrom: <sip:alice@127.0.0.1:5060>;tag=a1\r\nTo: <sip:bob@127.0.0.1>\r\n")
      .append("Call-ID: c1\r\nCSeq: 1 ")
      .append(method)
      .append("\r\nContact: <sip:alice@127.0.0.1:5060>\r\n")
      .append(extra)
      .append("Content-Length: 0\r\n\r\n");
  return *sip::Message::parse(text);
}

/// Alice calls bob through two proxies; the second forks to the two places where bob is.
struct Chain {
  explicit Chain(const ProxyConfig& first = {}, const ProxyConfig& second = {})
      : one(net, 5070, first), two(net, 5080, second) {
    one.places["bob"] = {{.port = 5080, .uri = two.uri("bob")}};
    two.places["bob"] = {{.port = 6050, .uri = bob.uri("bob")},
                         {.port = 6060, .uri = carol.uri("bob")}};
  }

  Net net;
  // Whose own timer C is not what is tested.
  AgentNode alice{net, 5060, {.endpoint = {.timers = {.c = 1h}}}};
  ProxyNode one;
  ProxyNode two;
  // What comes to them is seen as it came.
  AgentNode bob{net, 6050, {.takes_own_route = false}};
  AgentNode carol{net, 6060, {.takes_own_route = false}};

  TransactionId ask(std::string_view method, std::string_view extra = {}) {
    const TransactionId id =
        alice.agent.request(alice.to(5070), request_of(method, one.uri("bob"), extra), net.now);
    net.settle();
    return id;
  }
  void answer(AgentNode& node, int status, std::string_view extra = {}) {
    const Request& request = node.last<Request>();
    sip::Message response = sip::Message::response(request.message, status);
    response.add("Contact", "<" + node.uri("bob") + ">");
    if (!extra.empty())
      response.add(extra.substr(0, extra.find(':')), extra.substr(extra.find(':') + 2));
    REQUIRE(node.agent.respond(request.transaction, std::move(response), net.now));
    net.settle();
  }
  Result<TransactionId> send(AgentNode& node, DialogId dialog, std::string_view method) {
    std::optional<sip::Message> draft = node.agent.draft(dialog, method);
    REQUIRE(draft);
    draft->add("Contact", "<" + node.uri("x") + ">");
    const Result<TransactionId> id = node.agent.send(dialog, *std::move(draft), net.now);
    net.settle();
    return id;
  }
  DialogId established() {
    two.places["bob"].pop_back();
    ask("INVITE");
    answer(bob, 180);
    answer(bob, 200);
    const DialogId id = *alice.last<Response>().dialog;
    REQUIRE(alice.agent.ack(id, net.now));
    net.settle();
    return id;
  }
  int last_status() const { return alice.last<Response>().message.status(); }
  std::size_t finals() const {
    std::size_t count = 0;
    for (const Response& each : alice.all<Response>()) count += each.message.status() >= 200;
    return count;
  }
  void nothing_is_left() {
    net.wait(48h);
    CHECK(alice.agent.counts() == AgentCounts{});
    CHECK(bob.agent.counts() == AgentCounts{});
    CHECK(carol.agent.counts() == AgentCounts{});
    CHECK(one.proxy.counts() == ProxyCounts{});
    CHECK(two.proxy.counts() == ProxyCounts{});
    CHECK(one.all<ProxyEnded>().size() == one.all<ProxyRequest>().size());
    CHECK(two.all<ProxyEnded>().size() == two.all<ProxyRequest>().size());
  }
};

}  // namespace kith::ua::testing
