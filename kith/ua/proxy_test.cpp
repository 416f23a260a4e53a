#include "kith/ua/proxy.h"

#include <doctest/doctest.h>

#include <array>
#include <string>

#include "kith/sip/headers.h"
#include "kith/ua/testing/net.h"

namespace kith::ua {
namespace {

using testing::AgentNode;
using testing::Net;
using testing::ProxyNode;

sip::Message request_of(std::string_view method, std::string_view uri,
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
  AgentNode bob{net, 6050};
  AgentNode carol{net, 6060};

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

TEST_CASE("RFC 3261 §16.7: every 2xx of a forked INVITE reaches the caller, as do its 1xx") {
  Chain chain;
  chain.ask("INVITE");
  chain.answer(chain.bob, 180);
  chain.answer(chain.carol, 183);
  CHECK(chain.alice.all<Response>().size() == 2);
  // Both answer before they hear of each other.
  chain.net.loses = [](auto, auto, std::string_view bytes) { return bytes.starts_with("CANCEL"); };
  chain.answer(chain.bob, 200);
  chain.answer(chain.carol, 200);
  chain.net.loses = {};
  const std::vector<Response> responses = chain.alice.all<Response>();
  REQUIRE(responses.size() == 4);
  CHECK(responses[2].dialog != responses[3].dialog);
  for (const std::size_t i : {2U, 3U})
    CHECK(chain.alice.agent.ack(*responses[i].dialog, chain.net.now));
  chain.net.settle();
  CHECK(chain.bob.all<Ack>().size() == 1);
  CHECK(chain.carol.all<Ack>().size() == 1);
  for (const std::size_t i : {2U, 3U}) CHECK(chain.send(chain.alice, *responses[i].dialog, "BYE"));
  chain.answer(chain.bob, 200);
  chain.answer(chain.carol, 200);
  chain.nothing_is_left();
}

TEST_CASE("RFC 3261 §16.7 step 10: when one has answered the others are cancelled") {
  Chain chain;
  chain.ask("INVITE");
  chain.answer(chain.bob, 180);
  chain.answer(chain.carol, 180);
  chain.answer(chain.carol, 200);
  CHECK(chain.bob.all<Cancelled>().size() == 1);
  CHECK(chain.carol.all<Cancelled>().empty());
  CHECK(chain.last_status() == 200);
  CHECK(chain.finals() == 1);  // the 487 of bob stays at the proxy
  CHECK(chain.alice.agent.ack(*chain.alice.last<Response>().dialog, chain.net.now));
  chain.net.settle();
  CHECK(chain.send(chain.carol, *chain.carol.last<Ack>().dialog, "BYE"));
  CHECK(chain.alice.agent.respond(chain.alice.last<Request>().transaction,
                                  sip::Message::response(chain.alice.last<Request>().message, 200),
                                  chain.net.now));
  chain.nothing_is_left();
}

TEST_CASE("RFC 3261 §16.7 step 6: the best of several refusals is forwarded") {
  struct Row {
    int first, second, best;
  };
  for (const Row& row :
       {Row{302, 486, 302}, Row{486, 302, 302}, Row{486, 603, 603}, Row{404, 401, 401},
        Row{407, 404, 407}, Row{503, 486, 486}, Row{503, 503, 500}, Row{500, 404, 404},
        Row{408, 480, 480}, Row{503, 501, 501}, Row{302, 600, 600}, Row{408, 408, 408}}) {
    CAPTURE(row.first);
    CAPTURE(row.second);
    Chain chain;
    chain.ask("INVITE");
    chain.answer(chain.bob, row.first);
    CHECK(chain.finals() == 0);
    chain.answer(chain.carol, row.second);
    CHECK(chain.last_status() == row.best);
    CHECK(chain.finals() == 1);
    CHECK(chain.one.all<ProxyEnded>().empty());
    chain.nothing_is_left();
    CHECK(chain.one.all<ProxyEnded>().front().status == row.best);
  }
}

TEST_CASE("RFC 3261 §16.7 step 7: the challenges of all are in the one 401 or 407") {
  Chain chain;
  chain.ask("INVITE");
  chain.answer(chain.bob, 401, "WWW-Authenticate: Digest realm=\"b\", nonce=\"1\"");
  chain.answer(chain.carol, 407, "Proxy-Authenticate: Digest realm=\"c\", nonce=\"2\"");
  const sip::Message& response = chain.alice.last<Response>().message;
  CHECK(response.status() == 401);
  CHECK(response.texts("WWW-Authenticate").size() == 1);
  CHECK(response.text("Proxy-Authenticate") == "Digest realm=\"c\", nonce=\"2\"");
  chain.nothing_is_left();
}

TEST_CASE("RFC 3261 §16.7 step 5: a 6xx cancels the others, and waits for them") {
  Chain chain;
  chain.ask("INVITE");
  chain.answer(chain.bob, 180);
  chain.answer(chain.carol, 603);
  CHECK(chain.bob.all<Cancelled>().size() == 1);
  CHECK(chain.last_status() == 603);
  CHECK(chain.finals() == 1);
  chain.nothing_is_left();
}

TEST_CASE("RFC 3261 §16.10: CANCEL of the caller goes to all, and their 487 to the caller") {
  Chain chain;
  const TransactionId invite = chain.ask("INVITE");
  chain.answer(chain.bob, 180);
  chain.answer(chain.carol, 180);
  CHECK(chain.alice.agent.cancel(invite, chain.net.now));
  chain.net.settle();
  CHECK(chain.bob.all<Cancelled>().size() == 1);
  CHECK(chain.carol.all<Cancelled>().size() == 1);
  CHECK(chain.one.all<Cancelled>().size() == 1);
  CHECK(chain.last_status() == 487);
  chain.nothing_is_left();
}

TEST_CASE("RFC 3261 §16.10: what was not forwarded yet is answered 487 here") {
  Chain chain;
  chain.one.routes = false;
  const TransactionId invite = chain.ask("INVITE");
  chain.net.wait(300ms);  // the proxy's own 100
  CHECK(chain.alice.agent.cancel(invite, chain.net.now));
  chain.net.settle();
  CHECK(chain.last_status() == 487);
  const TransactionId waiting = chain.one.all<ProxyRequest>().front().transaction;
  CHECK(chain.one.proxy.forward(waiting, {{.flow = chain.one.to(5080)}}, chain.net.now).error() ==
        Error{Fault::missing, "transaction"});
  chain.nothing_is_left();
}

TEST_CASE("RFC 3261 §16.8: after timer C whoever only rings is cancelled") {
  Chain chain({.endpoint = {.timers = {.c = 1h}}});
  chain.ask("INVITE");
  chain.answer(chain.bob, 180);
  chain.answer(chain.carol, 180);
  chain.net.wait(180s);
  CHECK(chain.bob.all<Cancelled>().empty());
  chain.answer(chain.carol, 183);  // starts it anew, for carol only
  chain.net.wait(2s);
  CHECK(chain.bob.all<Cancelled>().size() == 1);
  CHECK(chain.carol.all<Cancelled>().empty());
  chain.net.wait(180s);
  CHECK(chain.carol.all<Cancelled>().size() == 1);
  CHECK(chain.last_status() == 487);
  chain.nothing_is_left();
}

TEST_CASE("RFC 3261 §9.1: who answers not even the CANCEL is given up after 64 * T1") {
  Chain chain({.endpoint = {.timers = {.c = 1h}}});
  chain.ask("INVITE");
  chain.answer(chain.bob, 486);
  chain.answer(chain.carol, 180);
  chain.carol.gone = true;
  chain.net.wait(181s);
  CHECK(chain.finals() == 0);
  chain.net.wait(33s);
  CHECK(chain.last_status() == 486);
  chain.nothing_is_left();
}

TEST_CASE("RFC 3261 §16.8: who does not answer counts as 408") {
  Chain chain;
  chain.bob.gone = chain.carol.gone = true;
  chain.ask("INVITE");
  chain.net.wait(33s);
  CHECK(chain.last_status() == 408);
  chain.nothing_is_left();
}

TEST_CASE("RFC 4320 §4.2: no 408 is sent to a request other than INVITE") {
  Chain chain;
  chain.bob.gone = chain.carol.gone = true;
  chain.ask("MESSAGE");
  chain.net.wait(70s);
  CHECK(chain.alice.all<Response>().empty());
  CHECK(chain.alice.last<TransactionEnded>().why == Ending::timed_out);
  CHECK(chain.two.sent_of("SIP/2.0") == 0);
  chain.nothing_is_left();
}

TEST_CASE("RFC 3261 §16.9: what cannot be sent counts as 503, and is forwarded as 500") {
  for (const std::string_view method : {"INVITE", "MESSAGE"}) {
    Chain chain;
    chain.two.routes = false;
    chain.ask(method);
    Flow broken = chain.two.to(6050);
    broken.transport = Transport::tcp;  // never opened
    CHECK(chain.two.proxy.forward(chain.two.all<ProxyRequest>().front().transaction,
                                  {{.flow = broken}}, chain.net.now));
    chain.net.settle();
    CHECK(chain.last_status() == 500);
    chain.nothing_is_left();
  }
}

TEST_CASE("RFC 3261 §16.6: a lower q is tried when the higher ones have refused") {
  Chain chain;
  chain.two.places["bob"][0].q = {300};
  chain.ask("INVITE");
  CHECK(chain.bob.all<Request>().empty());
  chain.answer(chain.carol, 486);
  CHECK(chain.finals() == 0);
  REQUIRE(chain.bob.all<Request>().size() == 1);
  chain.answer(chain.bob, 180);
  chain.answer(chain.bob, 404);
  CHECK(chain.last_status() == 486);  // the first of those that are as good
  chain.nothing_is_left();

  Chain refused;
  refused.two.places["bob"][0].q = {300};
  refused.ask("INVITE");
  refused.answer(refused.carol, 600);
  CHECK(refused.bob.all<Request>().empty());  // RFC 3261 §16.7 step 5
  CHECK(refused.last_status() == 600);
  refused.nothing_is_left();
}

TEST_CASE("RFC 3261 §16.6: Max-Forwards, Via and Record-Route change, and nothing else") {
  Chain chain;
  chain.two.places["bob"].pop_back();
  const std::string extra =
      "max-forwards: 9\r\nX-Odd:  a ,b;c=\"d\"\r\nSubject: one\r\n two\r\nm2: <sip:x@y>\r\n";
  for (const std::string_view method : {"INVITE", "MESSAGE"}) {
    chain.ask(method, extra);
    const sip::Message& got = chain.bob.last<Request>().message;
    CHECK(got.text("Max-Forwards") == "7");
    CHECK(got.text("X-Odd") == "a ,b;c=\"d\"");
    CHECK(got.text("Subject") == "one two");
    CHECK(got.texts("Via").size() == 3);
    CHECK(got.request_uri() == chain.bob.uri("bob"));
    if (method == "INVITE")
      CHECK(got.texts("Record-Route") ==
            std::vector<std::string_view>{"<sip:127.0.0.1:5080;lr>", "<sip:127.0.0.1:5070;lr>"});
    else
      CHECK(got.texts("Record-Route").empty());
    chain.answer(chain.bob, 404);
    CHECK(chain.alice.last<Response>().message.texts("Via").size() == 1);
  }
  chain.nothing_is_left();
}

TEST_CASE("RFC 3327 §5.2: a proxy puts itself into Path of REGISTER, and no other request") {
  Chain chain({.path = "sip:127.0.0.1:5070;lr"});
  chain.two.places["bob"].pop_back();
  chain.ask("REGISTER");
  CHECK(chain.bob.last<Request>().message.text("Path") == "<sip:127.0.0.1:5070;lr>");
  CHECK_FALSE(chain.bob.last<Request>().message.has("Record-Route"));
  chain.answer(chain.bob, 200);
  CHECK(chain.last_status() == 200);
  chain.ask("OPTIONS");
  CHECK_FALSE(chain.bob.last<Request>().message.has("Path"));
  chain.answer(chain.bob, 200);
  chain.nothing_is_left();
}

TEST_CASE("RFC 3261 §16.12.1.1: requests within a dialog follow the Record-Route, either way") {
  Chain chain;
  const DialogId alices = chain.established();
  const DialogId bobs = *chain.bob.last<Ack>().dialog;
  CHECK(chain.one.all<ProxyAck>().size() == 1);
  CHECK(chain.two.all<ProxyAck>().front().own_route->port == 5080);
  CHECK(chain.send(chain.alice, alices, "INVITE"));
  chain.answer(chain.bob, 200);
  CHECK(chain.alice.agent.ack(alices, chain.net.now));
  chain.net.settle();
  CHECK(chain.bob.all<Ack>().size() == 2);
  CHECK(chain.send(chain.bob, bobs, "BYE"));
  CHECK(chain.alice.last<Request>().message.texts("Via").size() == 3);
  CHECK_FALSE(chain.alice.last<Request>().message.has("Route"));
  CHECK(chain.alice.agent.respond(chain.alice.last<Request>().transaction,
                                  sip::Message::response(chain.alice.last<Request>().message, 200),
                                  chain.net.now));
  chain.net.settle();
  CHECK(chain.bob.last<DialogEnded>().why == DialogEnding::bye);
  CHECK(chain.one.all<ProxyRequest>().size() == 3);
  chain.nothing_is_left();
}

TEST_CASE("RFC 6026 §7.3: a 2xx that is sent again is forwarded again") {
  Chain chain;
  chain.two.places["bob"].pop_back();
  chain.ask("INVITE");
  chain.answer(chain.bob, 200);
  chain.net.wait(1s);
  CHECK(chain.bob.sent_of("SIP/2.0 200") == 2);
  CHECK(chain.one.sent_of("SIP/2.0 200") == 2);
  chain.net.wait(40s);
  CHECK(chain.alice.last<DialogEnded>().why == DialogEnding::ack_never_sent);
  chain.nothing_is_left();
}

TEST_CASE("RFC 3261 §16.3: what must not be forwarded is refused") {
  struct Row {
    std::string_view method, extra;
    int status;
  };
  for (const Row& row :
       {Row{"INVITE", "Max-Forwards: 0\r\n", 483}, Row{"OPTIONS", "Max-Forwards: 0\r\n", 483},
        Row{"MESSAGE", "Max-Forwards: 1\r\n", 483}, Row{"MESSAGE", "Proxy-Require: foo\r\n", 420},
        Row{"INVITE", "Proxy-Require: bar, foo\r\n", 420}}) {
    CAPTURE(row.extra);
    Chain chain({.supported = {"bar"}}, {.supported = {"bar", "foo"}});
    chain.ask(row.method, row.extra);
    CHECK(chain.last_status() == row.status);
    if (row.status == 420) CHECK(chain.alice.last<Response>().message.text("Unsupported") == "foo");
    CHECK(chain.bob.all<Request>().empty());
    chain.nothing_is_left();
  }
  Chain chain({.supported = {"BAR"}}, {.supported = {"bar"}});
  chain.ask("MESSAGE", "Proxy-Require: bar\r\n");
  CHECK(chain.bob.all<Request>().size() == 1);
  chain.answer(chain.bob, 200);
  chain.answer(chain.carol, 200);
  CHECK(chain.finals() == 1);
  chain.nothing_is_left();
}

TEST_CASE("RFC 3261 §16.3 step 4: a loop is answered 482, a spiral is not") {
  Chain chain;
  chain.two.places["bob"] = {{.port = 5070, .uri = chain.one.uri("bob")}};
  chain.ask("INVITE");
  CHECK(chain.last_status() == 482);
  CHECK(chain.one.all<ProxyRequest>().size() == 1);
  chain.nothing_is_left();

  Chain spiral;
  spiral.two.places["bob"] = {{.port = 5070, .uri = spiral.one.uri("robert")}};
  spiral.one.places["robert"] = {{.port = 6050, .uri = spiral.bob.uri("robert")}};
  spiral.ask("INVITE");
  CHECK(spiral.one.all<ProxyRequest>().size() == 2);
  spiral.answer(spiral.bob, 486);
  CHECK(spiral.last_status() == 486);
  spiral.nothing_is_left();
}

TEST_CASE("ProxyLimits: contexts_max, targets_max") {
  Chain chain({.limits = {.contexts_max = 1, .targets_max = 2}});
  chain.ask("INVITE");
  chain.answer(chain.bob, 180);
  chain.ask("MESSAGE");
  CHECK(chain.last_status() == 503);
  chain.answer(chain.bob, 486);
  chain.answer(chain.carol, 486);
  chain.nothing_is_left();

  chain.one.routes = false;
  chain.ask("MESSAGE");
  const TransactionId id = chain.one.all<ProxyRequest>().back().transaction;
  const auto forward = [&](std::size_t count) {
    return chain.one.proxy.forward(id, {count, Target{.flow = chain.one.to(6050)}}, chain.net.now);
  };
  CHECK(forward(0).error() == Error{Fault::missing, "targets"});
  CHECK(forward(3).error() == Error{Fault::too_many, "targets"});
  CHECK(forward(2));
  CHECK(forward(1).error() == Error{Fault::missing, "transaction"});
  CHECK(chain.one.proxy.forward({77}, {}, chain.net.now).error() ==
        Error{Fault::missing, "transaction"});
}

TEST_CASE("RFC 3261 §16.2: the layer above may answer instead, until a final response went out") {
  Chain chain;
  chain.ask("INVITE");
  chain.answer(chain.bob, 180);
  const ProxyRequest request = chain.one.all<ProxyRequest>().front();
  const auto respond = [&](int status) {
    return chain.one.proxy.respond(request.transaction,
                                   sip::Message::response(request.message, status), chain.net.now);
  };
  CHECK(respond(181));
  CHECK(respond(480));
  CHECK_FALSE(respond(486));
  chain.net.settle();
  CHECK(chain.last_status() == 480);
  CHECK(chain.bob.all<Cancelled>().size() == 1);
  chain.nothing_is_left();
}

}  // namespace
}  // namespace kith::ua
