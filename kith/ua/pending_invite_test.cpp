// When an INVITE of either side is in the way of the next.

#include <doctest/doctest.h>

#include "kith/ua/testing/two_parties.h"

namespace kith::ua {
namespace {

using testing::TwoParties;

TEST_CASE("RFC 3261 §14.1: no INVITE is sent before the last has had its ACK") {
  for (const bool overlapping : {true, false}) {
    CAPTURE(overlapping);
    UserAgentConfig config;
    config.answers.overlapping = overlapping;
    TwoParties line(config);
    line.ask("INVITE");
    line.answer(200);
    const DialogId id = line.alices();
    const auto before = line.send(line.alice, id, "INVITE");
    CHECK(before.has_value() != overlapping);
    if (before) continue;
    CHECK(before.error() == Error{Fault::duplicate, "INVITE"});
    line.acknowledge();
    CHECK(line.send(line.alice, id, "INVITE"));
  }
}

TEST_CASE("RFC 3261 §14.1: whoever refused an INVITE sends none before the ACK has come") {
  TwoParties line;
  const DialogId id = line.establish();
  line.alice.loses = [](std::string_view bytes) { return bytes.starts_with("ACK"); };
  REQUIRE(line.send(line.alice, id, "INVITE"));
  line.answer(488);
  CHECK(line.send(line.bob, line.bobs(), "INVITE").error() == Error{Fault::duplicate, "INVITE"});
  line.alice.loses = [](std::string_view) { return false; };
  line.wait(2s);
  CHECK(line.send(line.bob, line.bobs(), "INVITE"));
}

TEST_CASE("RFC 3261 §17.2.1: whoever accepted an INVITE may send the next at once") {
  TwoParties line;
  const DialogId id = line.establish();
  line.alice.loses = [](std::string_view bytes) { return bytes.starts_with("ACK"); };
  REQUIRE(line.send(line.alice, id, "INVITE"));
  line.answer(200);
  CHECK(line.send(line.bob, line.bobs(), "INVITE"));
}

TEST_CASE("RFC 3261 §14.2: an INVITE that was forgotten is in nobody's way") {
  TwoParties line;
  const DialogId id = line.establish();
  REQUIRE(line.send(line.alice, id, "INVITE"));
  line.bob.agent.forget(line.bob.last<Request>().transaction);
  CHECK(line.send(line.bob, line.bobs(), "INVITE"));
  CHECK(status_of_last(line.bob) == 491);
  line.is_asked(line.bob, "INVITE", "a1", line.bob.agent.dialog(line.bobs())->local_tag(), 9);
  CHECK(line.bob.last<Request>().message.text("CSeq") == "9 INVITE");
}

TEST_CASE("RFC 3261 §12.3: an INVITE that was forgotten leaves no early dialog") {
  TwoParties line;
  line.ask("INVITE", "Supported: 100rel\r\n");
  const Request invite = line.bob.last<Request>();
  REQUIRE(
      line.bob.agent.respond_reliably(invite.transaction, line.response_to(invite, 183), line.now));
  line.settle();
  REQUIRE(line.bob.agent.counts().dialogs == 1);
  line.bob.agent.forget(invite.transaction);
  line.settle();
  CHECK(line.bob.agent.counts().dialogs == 0);
  CHECK(line.bob.last<DialogEnded>().why == DialogEnding::not_answered);
  const std::size_t sent = line.bob.sent_of("SIP/2.0 183");
  line.wait(60s);
  CHECK(line.bob.sent_of("SIP/2.0 183") == sent);
  CHECK(line.bob.all<NotAcknowledged>().empty());
}

TEST_CASE("RFC 3261 §17.2: what was answered is not forgotten, and its end is told") {
  for (const std::string_view method : {"INVITE", "MESSAGE"}) {
    CAPTURE(method);
    TwoParties line;
    line.ask(method);
    line.answer(200);
    const TransactionId id = line.bob.last<Request>().transaction;
    line.bob.agent.forget(id);
    if (method == "INVITE") line.acknowledge();
    line.wait(60s);
    REQUIRE(line.bob.all<TransactionEnded>().size() == 1);
    CHECK(line.bob.last<TransactionEnded>().transaction == id);
    CHECK(line.bob.last<TransactionEnded>().why == Ending::complete);
  }
}

}  // namespace
}  // namespace kith::ua
