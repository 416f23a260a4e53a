// A 2xx to INVITE that comes again after others, or after its dialog.

#include <doctest/doctest.h>

#include <string>

#include "kith/ua/testing/two_parties.h"

namespace kith::ua {
namespace {

using testing::TwoParties;

/// A call that stands, the 200 that made it, and how often alice has said ACK to an INVITE.
struct Stands : TwoParties {
  explicit Stands(const UserAgentConfig& config = {}) : TwoParties(config) {
    ask("INVITE");
    answer(200);
    success = bob.sent.back();
    acknowledge();
    id = alices();
  }
  std::size_t acks(std::string_view number) const {
    std::size_t count = 0;
    for (const std::string& each : alice.sent)
      count +=
          each.starts_with("ACK") && each.contains("CSeq: " + std::string{number} + " ACK\r\n");
    return count;
  }
  void invite_again() {
    REQUIRE(send(alice, id, "INVITE"));
    answer(200, {{"Contact", "<sip:moved@127.0.0.1:6050>"}});
    acknowledge();
  }
  std::string success{};
  DialogId id{};
};

TEST_CASE("RFC 3261 §13.2.2.4: a 2xx that comes after that of a later INVITE has its own ACK") {
  Stands line;
  line.invite_again();
  const std::size_t heard = line.alice.all<Response>().size();
  const std::string second = line.bob.sent.back();
  line.hears(line.alice, line.success);
  CHECK(line.acks("1") == 2);
  CHECK(line.acks("2") == 1);
  CHECK(line.alice.all<Response>().size() == heard);
  CHECK(line.alice.agent.dialog(line.id)->remote_target() == "sip:moved@127.0.0.1:6050");
  line.hears(line.alice, second);
  CHECK(line.acks("2") == 2);
  CHECK(line.alice.all<Response>().size() == heard);
  CHECK(line.alice.agent.ack(line.id, line.now).error() == Error{Fault::duplicate, "ACK"});
}

TEST_CASE("RFC 3261 §14.2: a 2xx that comes again does not end the INVITE that is pending") {
  Stands line;
  line.alice.loses = [](std::string_view bytes) { return bytes.starts_with("INVITE"); };
  REQUIRE(line.send(line.alice, line.id, "INVITE"));
  line.hears(line.alice, line.success);
  CHECK(line.acks("1") == 2);
  CHECK(line.send(line.alice, line.id, "INVITE").error() == Error{Fault::duplicate, "INVITE"});
  REQUIRE(line.send(line.bob, line.bobs(), "INVITE"));
  CHECK(status_of_last(line.bob) == 491);
}

TEST_CASE("RFC 3261 §13.2.2.4: a 2xx that had no ACK yet is passed up again, behind a later one") {
  UserAgentConfig config;
  config.answers.overlapping = false;
  TwoParties line(config);
  line.ask("INVITE");
  line.answer(200);
  const std::string first = line.bob.sent.back();
  const DialogId id = line.alices();
  REQUIRE(line.send(line.alice, id, "INVITE"));
  line.answer(200);
  line.acknowledge();
  CHECK(line.sent_last(line.alice, "ACK"));
  line.hears(line.alice, first);
  CHECK(line.alice.last<Response>().repeated);
  CHECK(line.alice.last<Response>().dialog == id);
  REQUIRE(line.alice.agent.ack(id, line.now));
  line.settle();
  CHECK(line.alice.sent.back().contains("CSeq: 1 ACK"));
}

TEST_CASE("RFC 3261 §13.2.2.4: a 2xx that comes again after BYE has its ACK, and no dialog") {
  Stands line;
  REQUIRE(line.send(line.alice, line.id, "BYE"));
  line.answer(200);
  REQUIRE(line.alice.agent.counts().dialogs == 0);
  const std::size_t heard = line.alice.events.size();
  line.hears(line.alice, line.success);
  CHECK(line.acks("1") == 2);
  CHECK(line.alice.agent.counts().dialogs == 0);
  CHECK(line.alice.events.size() == heard);
  line.nothing_is_left();
}

TEST_CASE("RFC 3261 §13.2.2.4: a 2xx to what was dropped without ACK makes no dialog again") {
  TwoParties line;
  line.ask("INVITE");
  line.answer(200);
  line.alice.agent.drop(line.alices());
  line.wait(2s);
  CHECK(line.bob.sent_of("SIP/2.0 200") == 3);
  CHECK(line.alice.all<Response>().size() == 1);
  CHECK(line.alice.agent.counts().dialogs == 0);
  CHECK(line.alice.sent_of("ACK") == 0);
}

TEST_CASE("RFC 3261 §13.2.2.4: another fork that answers after BYE is a dialog") {
  Stands line;
  REQUIRE(line.send(line.alice, line.id, "BYE"));
  line.answer(200);
  const std::size_t at = line.success.find(";tag=", line.success.find("\r\nTo:"));
  REQUIRE(at != std::string::npos);
  line.success.insert(at + 5, "other");
  line.hears(line.alice, line.success);
  CHECK(line.alice.agent.counts().dialogs == 1);
  CHECK(line.alice.last<Response>().forked);
  CHECK(line.alice.last<Response>().dialog != line.id);
}

}  // namespace
}  // namespace kith::ua
