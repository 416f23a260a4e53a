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

}  // namespace
}  // namespace kith::ua
