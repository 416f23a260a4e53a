#include "kith/ua/proxy.h"

#include <doctest/doctest.h>

#include <string>

#include "kith/ua/testing/chain.h"

namespace kith::ua {
namespace {

using testing::Chain;

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

}  // namespace
}  // namespace kith::ua
