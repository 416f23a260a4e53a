// Requests that arrive with their last hop.
#include <doctest/doctest.h>

#include <string>

#include "kith/ua/testing/chain.h"

namespace kith::ua {
namespace {

using testing::Chain;

TEST_CASE("RFC 3261 §8.1.1.6: a request whose last hop brought it here is served") {
  // The two proxies take what is there.
  for (const std::string_view method : {"MESSAGE", "OPTIONS", "INVITE"}) {
    CAPTURE(method);
    Chain chain;
    chain.two.places["bob"].pop_back();
    chain.ask(method, "Max-Forwards: 2\r\n");
    REQUIRE(chain.bob.all<Request>().size() == 1);
    CHECK(chain.bob.last<Request>().message.text("Max-Forwards") == "0");
    chain.answer(chain.bob, 486);
    CHECK(chain.last_status() == 486);
    chain.nothing_is_left();
  }
}

TEST_CASE("RFC 3261 §8.1.1.6: a BYE whose last hop brought it here ends the call") {
  Chain chain;
  const DialogId id = chain.established();
  sip::Message bye = *chain.alice.agent.draft(id, "BYE");
  bye.set("Max-Forwards", "2");
  REQUIRE(chain.alice.agent.send(id, std::move(bye), chain.net.now));
  chain.net.settle();
  chain.answer(chain.bob, 200);
  CHECK(chain.bob.last<DialogEnded>().why == DialogEnding::bye);
  chain.nothing_is_left();
}

TEST_CASE("RFC 3261 §16.3 step 3: what has no hop left is not forwarded, and answered 483") {
  // Also by who forwards with a user agent that knows no dialogs.
  for (const std::string_view hops : {"0", "1"}) {
    CAPTURE(hops);
    Chain chain;
    chain.ask("MESSAGE", "Max-Forwards: " + std::string{hops} + "\r\n");
    CHECK(chain.last_status() == 483);
    CHECK(chain.bob.all<Request>().empty());
    chain.nothing_is_left();
  }
  testing::Net net;
  testing::AgentNode alice(net, 5060);
  testing::AgentNode relay(net, 5070, {.dialogs = DialogPolicy::none});
  alice.agent.request(alice.to(5070),
                      testing::request_of("MESSAGE", relay.uri("bob"), "Max-Forwards: 0\r\n"),
                      net.now);
  net.settle();
  CHECK(alice.last<Response>().message.status() == 483);
  CHECK(relay.all<Request>().empty());
}

}  // namespace
}  // namespace kith::ua
