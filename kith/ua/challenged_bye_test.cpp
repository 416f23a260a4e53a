// A BYE that wants credentials.

#include <doctest/doctest.h>

#include "kith/ua/testing/two_parties.h"

namespace kith::ua {
namespace {

using testing::TwoParties;

/// Alice hung up, and bob answered as given.
struct Answered : TwoParties {
  explicit Answered(int status) : id(establish()) {
    REQUIRE(send(alice, id, "BYE"));
    answer(status);
  }
  DialogId id;
};

TEST_CASE("RFC 3261 §22.2: a BYE that was challenged is sent again in its dialog") {
  for (const int status : {401, 407}) {
    CAPTURE(status);
    Answered line(status);
    CHECK(line.alice.all<DialogEnded>().empty());
    REQUIRE(line.alice.agent.dialog(line.id) != nullptr);
    CHECK(line.alice.agent.dialog(line.id)->state() == dialog::State::confirmed);
    line.wait(10s);  // the first has ended
    REQUIRE(line.send(line.alice, line.id, "BYE", {{"Authorization", "Digest username=\"a\""}}));
    CHECK(line.bob.last<Request>().message.text("CSeq") == "3 BYE");
    CHECK(line.alice.agent.dialog(line.id)->state() == dialog::State::terminated);
    line.answer(200);
    CHECK(line.alice.last<DialogEnded>().why == DialogEnding::bye);
    CHECK(line.bob.last<DialogEnded>().why == DialogEnding::bye);
    line.nothing_is_left();
  }
}

TEST_CASE("RFC 3261 §15.1.1: a BYE that was challenged ends the session in the end") {
  for (const int status : {401, 407}) {
    CAPTURE(status);
    Answered line(status);
    line.wait(31s);
    CHECK(line.alice.all<DialogEnded>().empty());
    line.wait(2s);
    REQUIRE(line.alice.all<DialogEnded>().size() == 1);
    CHECK(line.alice.last<DialogEnded>().why == DialogEnding::bye);
    line.bob.agent.drop(line.bobs());
    line.nothing_is_left();
  }
}

TEST_CASE("RFC 3261 §15.1.1: an early dialog whose BYE was challenged ends in the end, too") {
  TwoParties line;
  line.ask("INVITE");
  line.answer(180);
  const DialogId id = line.alices();
  REQUIRE(line.send(line.alice, id, "BYE"));
  line.answer(401);
  REQUIRE(line.alice.agent.dialog(id) != nullptr);
  CHECK(line.alice.agent.dialog(id)->state() == dialog::State::early);
  line.wait(33s);
  REQUIRE(line.alice.all<DialogEnded>().size() == 1);
  CHECK(line.alice.last<DialogEnded>().why == DialogEnding::bye);
}

TEST_CASE("RFC 3261 §15.1.1: any other answer to a BYE ends the session") {
  for (const int status : {200, 302, 403, 481, 408, 500, 603}) {
    CAPTURE(status);
    Answered line(status);
    CHECK(line.alice.last<DialogEnded>().why == DialogEnding::bye);
    CHECK_FALSE(line.send(line.alice, line.id, "BYE"));
  }
}

}  // namespace
}  // namespace kith::ua
