// An INVITE that waits for longer than who answers may be silent.
#include <doctest/doctest.h>

#include <vector>

#include "kith/ua/testing/chain.h"

namespace kith::ua {
namespace {

using testing::Chain;

TEST_CASE("RFC 3261 §13.3.1.1: a provisional response each minute keeps an INVITE, however long") {
  for (const int final : {200, 486}) {
    Chain chain;
    chain.two.places["bob"].pop_back();
    chain.ask("INVITE");
    for (int minute = 0; minute < 15; ++minute) {
      chain.answer(chain.bob, 182);
      chain.net.wait(60s);
    }
    CHECK(chain.last_status() == 182);
    CHECK(chain.bob.all<TransactionEnded>().empty());
    chain.answer(chain.bob, final);
    CHECK(chain.last_status() == final);
    if (final == 200) {
      CHECK(chain.alice.agent.ack(*chain.alice.last<Response>().dialog, chain.net.now));
      chain.net.settle();
      CHECK(chain.send(chain.alice, *chain.alice.last<Response>().dialog, "BYE"));
      chain.answer(chain.bob, 200);
    }
    chain.nothing_is_left();
  }
}

TEST_CASE("RFC 3261 §16.8: as long as there are targets timer C rules, and not who has forgotten") {
  Chain chain;
  // One place after the other, in one program; it says no more than the 100 of its endpoint.
  testing::AgentNode late(chain.net, 6070, {.answers = {.merged = false}});
  std::vector<testing::ProxyNode::Place>& places = chain.two.places["bob"];
  places.clear();
  for (std::uint16_t q = 1000; q > 996; --q)
    places.push_back({.port = late.port(), .uri = late.uri("bob"), .q = {q}});
  chain.alice.agent.request(chain.alice.to(5080),
                            testing::request_of("INVITE", chain.two.uri("bob")), chain.net.now);
  chain.net.wait(9min);
  CHECK(chain.finals() == 0);
  CHECK(late.all<Cancelled>().size() == 2);
  chain.net.wait(5min);
  CHECK(chain.last_status() == 487);
  CHECK(late.all<Cancelled>().size() == 4);
  CHECK(late.agent.counts().dialogs == 0);
  chain.nothing_is_left();
}

}  // namespace
}  // namespace kith::ua
