#include "kith/ua/proxy.h"

#include <doctest/doctest.h>

#include <string>

#include "kith/ua/testing/chain.h"

namespace kith::ua {
namespace {

using testing::Chain;

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

TEST_CASE("RFC 3327 §5.4: who registered by a Path is reached over it, in its order") {
  const std::string bobs_proxy = "<sip:127.0.0.1:5080;lr>";
  for (const bool stateless : {false, true}) {
    Chain chain({.stateless = stateless});
    chain.one.stateless = stateless;
    chain.one.places["bob"] = {{.port = 5080,
                                .uri = chain.bob.uri("bob"),
                                .routes = {bobs_proxy, "<sip:127.0.0.1:6050;lr>;x=y"}}};
    chain.ask("MESSAGE");
    const std::vector<ProxyRequest> second = chain.two.all<ProxyRequest>();
    REQUIRE(second.size() == 1);
    CHECK(second[0].own_route->port == 5080);
    CHECK(second[0].next_hop == "sip:127.0.0.1:6050;lr");
    const sip::Message& got = chain.bob.last<Request>().message;
    CHECK(got.request_uri() == chain.bob.uri("bob"));
    CHECK(got.texts("Route") == std::vector<std::string_view>{"<sip:127.0.0.1:6050;lr>;x=y"});
    chain.answer(chain.bob, 200);
    CHECK(chain.last_status() == 200);
    if (!stateless) chain.nothing_is_left();
  }
}

TEST_CASE("RFC 3327 §5.4: one target's Path is not another's, and may begin with a strict router") {
  Chain chain;
  chain.one.places["bob"] = {
      {.port = 6050, .uri = chain.bob.uri("bob"), .routes = {"<sip:127.0.0.1:6050>"}},
      {.port = 6060, .uri = chain.carol.uri("bob")}};
  chain.ask("MESSAGE");
  const sip::Message& strict = chain.bob.last<Request>().message;
  CHECK(strict.request_uri() == "sip:127.0.0.1:6050");
  CHECK(strict.text("Route") == "<" + chain.bob.uri("bob") + ">");
  CHECK_FALSE(chain.carol.last<Request>().message.has("Route"));
  CHECK(chain.carol.last<Request>().message.request_uri() == chain.carol.uri("bob"));
  chain.answer(chain.bob, 404);
  chain.answer(chain.carol, 404);
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

TEST_CASE("RFC 3261 §16.3: ProxyAnswers switched off, the layer above hears of it") {
  Chain loop({.answers = {.looped = false}}, {.answers = {.looped = false}});
  loop.two.places["bob"] = {{.port = 5070, .uri = loop.one.uri("bob")}};
  loop.ask("INVITE", "Max-Forwards: 9\r\n");
  CHECK(loop.one.all<ProxyRequest>().size() == 5);
  CHECK(loop.last_status() == 483);
  loop.nothing_is_left();

  Chain requires_foo({.answers = {.proxy_require = false}}, {.answers = {.proxy_require = false}});
  requires_foo.two.places["bob"].pop_back();
  requires_foo.ask("MESSAGE", "Proxy-Require: foo\r\n");
  requires_foo.answer(requires_foo.bob, 200);
  CHECK(requires_foo.last_status() == 200);
  requires_foo.nothing_is_left();
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
