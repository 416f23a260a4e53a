// Transactions of an endpoint and of a user agent that have timers of their own.
#include <doctest/doctest.h>

#include <string>

#include "kith/ua/testing/play.h"
#include "kith/ua/testing/two_parties.h"

namespace kith::ua {
namespace {

using testing::Play;
using testing::TwoParties;
using testing::udp;
using transaction::Timers;

constexpr Timers brisk{.t1 = 100ms, .t2 = 400ms};

TEST_CASE("RFC 3261 §17.1.2.1: a request of ours is sent again by the T1 that it was given") {
  Play play;
  const TransactionId own = play.request(udp(), "NOTIFY");
  REQUIRE(play.endpoint.set_timers(own, brisk, play.now));
  CHECK(play.endpoint.timers(own)->t1 == 100ms);
  play.run_until(10s);
  CHECK(play.sent.size() == 18);  // after 100, 300, 700 ms, and then every 400 ms until 6.4 s
  CHECK(play.last<Ended>().why == Ending::timed_out);
  CHECK_FALSE(play.endpoint.timers(own));
  const TransactionId other = play.request(udp(), "NOTIFY");
  CHECK(play.endpoint.timers(other)->t1 == 500ms);
}

TEST_CASE("RFC 3261 §17.1.1.1: timers are refused that contradict each other, or are nobody's") {
  Play play;
  const TransactionId id = play.request(udp(), "NOTIFY");
  struct Row {
    TransactionId id;
    Timers timers;
    Error error;
  };
  for (const Row& row : {Row{{}, brisk, {Fault::missing, "transaction"}},
                         Row{{id.value + 1}, brisk, {Fault::missing, "transaction"}},
                         Row{id, {.t1 = 0s}, {Fault::malformed, "Timers::t1"}},
                         Row{id, {.t1 = -1ms}, {Fault::malformed, "Timers::t1"}},
                         Row{id, {.t2 = 0s}, {Fault::malformed, "Timers::t2"}},
                         Row{id, {.t1 = 1s}, {Fault::malformed, "Timers::d"}}}) {
    CAPTURE(row.error.where);
    CHECK(play.endpoint.set_timers(row.id, row.timers, play.now).error() == row.error);
  }
  CHECK_FALSE(play.endpoint.timers({}));
  CHECK(play.endpoint.timers(id)->t1 == 500ms);
  play.run_until(33s);
  CHECK(play.sent.size() == 11);
}

TEST_CASE("RFC 3261 §13.3.1.4: a 2xx is sent again by the timers of its INVITE") {
  TwoParties line;
  line.ask("INVITE");
  REQUIRE(line.bob.agent.set_timers(line.bob.last<Request>().transaction, brisk, line.now));
  line.answer(200);
  line.wait(1200ms);
  CHECK(line.bob.sent_of("SIP/2.0 200") == 5);  // after 100, 300, 700 and 1100 ms
  line.wait(5300ms);
  CHECK(line.bob.last<DialogEnded>().why == DialogEnding::ack_never_came);
  line.nothing_is_left();
}

TEST_CASE("RFC 3262 §3: a reliable provisional response is sent again by the T1 of its INVITE") {
  TwoParties line;
  line.ask("INVITE", "Supported: 100rel\r\n");
  const Request invite = line.bob.last<Request>();
  REQUIRE(line.bob.agent.set_timers(invite.transaction, brisk, line.now));
  REQUIRE(
      line.bob.agent.respond_reliably(invite.transaction, line.response_to(invite, 183), line.now));
  line.wait(1s);
  CHECK(line.bob.sent_of("SIP/2.0 183") == 4);  // after 100, 300 and 700 ms
  line.wait(5500ms);
  CHECK(line.bob.all<NotAcknowledged>().size() == 1);
}

TEST_CASE("RFC 3261 §17.1.1.1: where there is no dialog, the layer above is alerted by that T1") {
  TwoParties line({}, {.dialogs = DialogPolicy::manual});
  line.ask("INVITE");
  const TransactionId id = line.bob.last<Request>().transaction;
  REQUIRE(line.bob.agent.alert_retransmissions(id));
  REQUIRE(line.bob.agent.set_timers(id, brisk, line.now));
  CHECK(line.bob.agent.timers(id)->t2 == 400ms);
  line.answer(200);
  line.wait(1200ms);
  CHECK(line.bob.all<RetransmissionDue>().size() == 4);
}

TEST_CASE("RFC 3261 §13.2.2.4: our ACK may take 64 times the T1 of its INVITE") {
  TwoParties line;
  const TransactionId id = line.ask("INVITE");
  REQUIRE(line.alice.agent.set_timers(id, brisk, line.now));
  line.answer(200);
  line.wait(6300ms);
  CHECK(line.alice.all<DialogEnded>().empty());
  line.wait(200ms);
  CHECK(line.alice.last<DialogEnded>().why == DialogEnding::ack_never_sent);
}

}  // namespace
}  // namespace kith::ua
