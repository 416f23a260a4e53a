// Transactions that have timers of their own.
#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

#include "kith/transaction/testing/play.h"

namespace kith::transaction {

using testing::Endings;
using testing::Play;
using testing::Times;

TEST_CASE("RFC 3261 §17.1.1.1: a T1 of its own is that of one transaction, and of no other") {
  Play play;
  const TransactionId own = play.begin(Kind::client_invite, Transport::udp, "own");
  play.transactions.set_timers(own, {.t1 = 50ms}, play.now);
  CHECK(play.transactions.timers(own)->t1 == 50ms);
  play.run_until(10s);
  CHECK(play.times() == Times{0ms, 50ms, 150ms, 350ms, 750ms, 1550ms, 3150ms});
  CHECK(play.endings == Endings{{3200ms, Ending::timed_out}});
  CHECK(play.transactions.timers(own) == nullptr);
  // The next takes its place in memory, and nothing else of it.
  play.sent.clear();
  const TransactionId other = play.begin(Kind::client_invite, Transport::udp, "other");
  CHECK(play.transactions.timers(other)->t1 == 500ms);
  play.run();
  CHECK(play.times() == Times{10s, 10500ms, 11500ms, 13500ms, 17500ms, 25500ms, 41500ms});
  CHECK(play.empty());
}

TEST_CASE("RFC 3261 §17: of what a transaction waits for, each has the length that it was given") {
  const Timers own{.t1 = 100ms,
                   .t2 = 300ms,
                   .t4 = 70ms,
                   .d = 2s,
                   .c = 20s,
                   .trying = 30ms,
                   .answer = 4s,
                   .answer_invite = 5s};
  struct Row {
    Kind kind;
    std::vector<Event> before;  // they are given
    std::vector<Event> after;
    Times sent;
    Endings ended;
  };
  using enum Event;
  const std::vector<Row> rows{
      {Kind::client_invite, {provisional}, {}, {0ms}, {{20s, Ending::timed_out}}},
      {Kind::client_invite, {failure}, {}, {0ms, 0ms}, {{2s, Ending::complete}}},
      {Kind::client_invite, {}, {failure}, {0ms, 0ms}, {{2s, Ending::complete}}},
      {Kind::client_invite, {success}, {}, {0ms}, {{6400ms, Ending::complete}}},
      {Kind::client_other, {success}, {}, {0ms}, {{70ms, Ending::complete}}},
      {Kind::client_other, {}, {failure}, {0ms}, {{70ms, Ending::complete}}},
      {Kind::server_invite, {}, {}, {30ms}, {{5s, Ending::unanswered}}},
      {Kind::server_invite, {}, {answer_failure, ack}, {0ms}, {{70ms, Ending::complete}}},
      {Kind::server_invite, {answer_failure}, {ack}, {0ms}, {{70ms, Ending::complete}}},
      {Kind::server_invite, {}, {answer_success}, {0ms}, {{6400ms, Ending::complete}}},
      {Kind::server_other, {}, {}, {}, {{4s, Ending::unanswered}}},
      {Kind::server_other, {answer_success}, {}, {0ms}, {{6400ms, Ending::complete}}},
  };
  for (const Row& row : rows) {
    CAPTURE(&row - rows.data());
    Play play;
    const TransactionId id = play.begin(row.kind);
    const auto happen = [&](const std::vector<Event>& list) {
      for (const Event event : list)
        play.transactions.on(id, event, play.now,
                             event == ack ? std::nullopt : std::optional{std::string{"answer"}});
    };
    happen(row.before);
    play.transactions.set_timers(id, own, play.now);
    happen(row.after);
    play.run();
    CHECK(play.times() == row.sent);
    CHECK(play.endings == row.ended);
    CHECK(play.empty());
  }
}

TEST_CASE(
    "RFC 3261 §17.1.2.2, §17.2.1: T2 of its own is the longest pause, from when it is given") {
  Play play;
  const TransactionId asked = play.begin(Kind::client_other);
  play.transactions.on(asked, Event::provisional, play.now);
  play.run_until(5s);
  play.sent.clear();
  play.transactions.set_timers(asked, {.t1 = 100ms, .t2 = 3s}, play.now);
  play.run();
  CHECK(play.times() == Times{8s, 11s});
  CHECK(play.endings == Endings{{11400ms, Ending::timed_out}});

  Play other;
  const TransactionId refused = other.begin(Kind::server_invite);
  other.transactions.on(refused, Event::answer_failure, other.now, "486");
  other.run_until(2s);
  other.sent.clear();
  other.transactions.set_timers(refused, {.t1 = 100ms, .t2 = 2s}, other.now);
  other.run();
  CHECK(other.times() == Times{2100ms, 2300ms, 2700ms, 3500ms, 5100ms, 7100ms});
  CHECK(other.endings == Endings{{8400ms, Ending::timed_out}});
}

}  // namespace kith::transaction
