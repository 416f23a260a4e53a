// Why transactions and dialogs ended that the layer above gave up.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "kith/ua/testing/play.h"
#include "kith/ua/testing/two_parties.h"

namespace kith::ua {
namespace {

using testing::Play;
using testing::request_text;
using testing::TwoParties;
using testing::udp;
using testing::udp_via;

TEST_CASE(
    "RFC 3261 §17.2: a request that is forgotten ends as dropped, and one that comes again "
    "is another") {
  Play play;
  const std::string text = request_text("SERVICE", udp_via);
  play.receive(udp(), text);
  const TransactionId id = play.last<RequestReceived>().transaction;
  for (int i = 0; i < 2; ++i) play.endpoint.forget(id);
  play.endpoint.forget(play.request(udp(), "NOTIFY"));  // ours is not to be forgotten
  play.drain();
  REQUIRE(play.all<Ended>().size() == 1);
  CHECK(play.last<Ended>().transaction == id);
  CHECK(play.last<Ended>().why == Ending::dropped);
  play.receive(udp(), text);
  CHECK(play.last<RequestReceived>().transaction != id);
  play.respond(play.last<RequestReceived>().transaction, 200);
  play.endpoint.forget(play.last<RequestReceived>().transaction);  // it was answered
  play.drain();
  CHECK(play.all<Ended>().size() == 1);
}

TEST_CASE("RFC 3261 §17.2: a user agent tells of the end of a request that was forgotten") {
  for (const std::string_view method : {"MESSAGE", "INVITE", "SUBSCRIBE"}) {
    CAPTURE(method);
    TwoParties line;
    line.ask(method);
    const TransactionId id = line.bob.last<Request>().transaction;
    line.alice.loses = [](std::string_view) { return true; };
    for (int i = 0; i < 2; ++i) line.bob.agent.forget(id);
    line.wait(60s);
    REQUIRE(line.bob.all<TransactionEnded>().size() == 1);
    CHECK(line.bob.last<TransactionEnded>().transaction == id);
    CHECK(line.bob.last<TransactionEnded>().why == Ending::dropped);
    line.nothing_is_left();
  }
}

TEST_CASE("RFC 3261 §15.1.2: a BYE that is forgotten ends the session all the same") {
  TwoParties line;
  const DialogId id = line.establish();
  REQUIRE(line.send(line.alice, id, "BYE"));
  line.alice.loses = [](std::string_view) { return true; };
  line.bob.agent.forget(line.bob.last<Request>().transaction);
  line.settle();
  CHECK(line.bob.last<TransactionEnded>().why == Ending::dropped);
  CHECK(line.bob.last<DialogEnded>().why == DialogEnding::bye);
  line.nothing_is_left();
}

TEST_CASE("RFC 3261 §16.11: what a proxy keeps no transaction of ends as dropped") {
  SeededRandom random{1};
  Proxy proxy({}, random);
  proxy.receive(udp(), request_text("OPTIONS", udp_via), testing::start);
  std::vector<ProxyEvent> events;
  const auto drain = [&] {
    while (std::optional<ProxyOutput> output = proxy.poll())
      if (auto* event = std::get_if<ProxyEvent>(&*output)) events.push_back(std::move(*event));
  };
  drain();
  const TransactionId id = std::get<ProxyRequest>(events.at(0)).transaction;
  REQUIRE(proxy.forward_statelessly(id, {.flow = udp(9)}, testing::start));
  drain();
  REQUIRE(events.size() == 2);
  CHECK(std::get<ProxyEnded>(events.at(1)).why == Ending::dropped);
  CHECK(proxy.counts() == ProxyCounts{});
}

/// Alice, who talks to bob, is asked by somebody else to talk to him instead.
struct Replaced : TwoParties {
  void somebody_replaces(std::string_view extra = {}, std::string_view call_id = "c1") {
    const std::string tag = alice.agent.dialog(alices())->remote_tag();
    is_asked(alice, "INVITE", "s1", "", 1,
             "Replaces: " + std::string{call_id} + ";to-tag=a1;from-tag=" + tag +
                 std::string{extra} + "\r\n");
  }
};

TEST_CASE("RFC 3891 §3: a dialog that is given up for an accepted INVITE ends as replaced") {
  struct Row {
    int status;
    std::string_view extra, call_id;
    DialogEnding why;
  };
  for (const Row& row :
       {Row{200, "", "c1", DialogEnding::replaced}, Row{486, "", "c1", DialogEnding::bye},
        Row{180, "", "c1", DialogEnding::bye}, Row{200, ";early-only", "c1", DialogEnding::bye},
        Row{200, ";to-tag=a1", "c1", DialogEnding::bye}, Row{200, "", "c2", DialogEnding::bye}}) {
    for (const bool by_peer : {false, true}) {
      CAPTURE(row.status);
      CAPTURE(row.extra);
      CAPTURE(by_peer);
      Replaced line;
      const DialogId id = line.establish();
      line.somebody_replaces(row.extra, row.call_id);
      line.answer(line.alice, row.status);
      const DialogId with_alice = line.bobs();
      const bool sent{by_peer ? line.send(line.bob, with_alice, "BYE")
                              : line.send(line.alice, id, "BYE")};
      REQUIRE(sent);
      line.answer(by_peer ? line.alice : line.bob, 200);
      CHECK(line.alice.last<DialogEnded>().id == id);
      CHECK(line.alice.last<DialogEnded>().why == row.why);
      CHECK(line.bob.last<DialogEnded>().why == DialogEnding::bye);  // it cannot know
    }
  }
}

TEST_CASE("RFC 3891 §3: so does an early one, which is cancelled") {
  Replaced line;
  const TransactionId invite = line.ask("INVITE");
  line.answer(180);
  const DialogId id = line.alices();
  line.somebody_replaces(";early-only");
  line.answer(line.alice, 200);
  REQUIRE(line.alice.agent.cancel(invite, line.now));
  line.settle();
  CHECK(line.alice.last<DialogEnded>().id == id);
  CHECK(line.alice.last<DialogEnded>().why == DialogEnding::replaced);
  CHECK(to_string(DialogEnding::replaced) == "replaced");
}

TEST_CASE("RFC 3891 §3: a replaced dialog whose peer is gone says that it is gone") {
  Replaced line;
  const DialogId id = line.establish();
  line.somebody_replaces();
  line.answer(line.alice, 200);
  REQUIRE(line.send(line.alice, id, "INFO"));
  line.answer(481);
  CHECK(line.alice.last<DialogEnded>().why == DialogEnding::gone);
}

}  // namespace
}  // namespace kith::ua
