#include "kith/transaction/transactions.h"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kith/transaction/testing/play.h"

namespace kith::transaction {

using testing::Endings;
using testing::flow_of;
using testing::Play;
using testing::start;
using testing::Times;

TEST_CASE("RFC 3261 §17.1.1.2: an unanswered INVITE is sent seven times, then times out") {
  Play play;
  play.begin(Kind::client_invite);
  play.run();
  CHECK(play.times() == Times{0ms, 500ms, 1500ms, 3500ms, 7500ms, 15500ms, 31500ms});
  CHECK(play.endings == Endings{{32s, Ending::timed_out}});
  CHECK(play.empty());
}

TEST_CASE("RFC 3261 §17.1.2.2: an unanswered request is sent eleven times, then times out") {
  Play play;
  play.begin(Kind::client_other);
  play.run();
  CHECK(play.times() == Times{0ms, 500ms, 1500ms, 3500ms, 7500ms, 11500ms, 15500ms, 19500ms,
                              23500ms, 27500ms, 31500ms});
  CHECK(play.endings == Endings{{32s, Ending::timed_out}});
  CHECK(play.empty());
}

TEST_CASE("RFC 3261 §17.1.2.2: after a provisional a request is sent every T2") {
  Play play;
  const TransactionId id = play.begin(Kind::client_other);
  play.run_until(200ms);
  CHECK(play.transactions.on(id, Event::provisional, play.now));
  play.run();
  CHECK(play.times() ==
        Times{0ms, 500ms, 4500ms, 8500ms, 12500ms, 16500ms, 20500ms, 24500ms, 28500ms});
  CHECK(play.endings == Endings{{32s, Ending::timed_out}});
}

TEST_CASE("RFC 3261 §17.1.1.2: over TCP nothing is sent twice") {
  for (const Kind kind : {Kind::client_invite, Kind::client_other}) {
    Play play;
    play.begin(kind, Transport::tcp);
    play.run();
    CHECK(play.times() == Times{0ms});
    CHECK(play.endings == Endings{{32s, Ending::timed_out}});
  }
}

TEST_CASE("RFC 3261 §17.1.1.2: a refused INVITE is acknowledged again for each retransmission") {
  Play play;
  const TransactionId id = play.begin(Kind::client_invite);
  play.run_until(100ms);
  CHECK(play.transactions.on(id, Event::failure, play.now, "ack"));
  play.run_until(600ms);
  CHECK_FALSE(play.transactions.on(id, Event::failure, play.now));
  CHECK(play.sent == std::vector<Play::Sent>{{0ms, "first"}, {100ms, "ack"}, {600ms, "ack"}});
  play.run();
  CHECK(play.endings == Endings{{32s + 100ms, Ending::complete}});
  CHECK(play.empty());
}

TEST_CASE("RFC 6026 §7.2: each 2xx to an INVITE is passed up, until timer M") {
  Play play;
  const TransactionId id = play.begin(Kind::client_invite);
  CHECK(play.transactions.on(id, Event::success, play.now));
  play.run_until(31s);
  CHECK(play.transactions.on(id, Event::success, play.now));
  CHECK(play.transactions.bytes(id).empty());
  play.run_until(32s);
  CHECK(play.transactions.machine(id) == nullptr);
  CHECK(play.empty());
}

TEST_CASE("RFC 3261 §17.2.1: an INVITE that is not answered at once gets a 100 after 200 ms") {
  Play play;
  const TransactionId id = play.begin(Kind::server_invite);
  play.run_until(1s);
  CHECK(play.times() == Times{200ms});
  CHECK_FALSE(play.transactions.on(id, Event::request, play.now));
  CHECK(play.sent.back().bytes == "first");
  CHECK_FALSE(play.transactions.on(id, Event::answer_provisional, play.now, "ringing"));
  play.transactions.on(id, Event::request, play.now);
  CHECK(play.sent.back().bytes == "ringing");
  CHECK(play.sent.size() == 4);
}

TEST_CASE("RFC 3261 §17.2.1: a refusal of an INVITE is sent until the ACK comes") {
  Play play;
  const TransactionId id = play.begin(Kind::server_invite);
  play.transactions.on(id, Event::answer_failure, play.now, "486");
  play.run_until(4s);
  CHECK(play.times() == Times{0ms, 500ms, 1500ms, 3500ms});
  CHECK_FALSE(play.transactions.on(id, Event::ack, play.now));
  play.run();
  CHECK(play.sent.size() == 4);
  CHECK(play.endings == Endings{{4s + 5s, Ending::complete}});
  CHECK(play.empty());
}

TEST_CASE("RFC 3261 §17.2.1: a refusal that nobody acknowledges is given up after 64 T1") {
  Play play;
  play.transactions.on(play.begin(Kind::server_invite), Event::answer_failure, play.now, "486");
  play.run();
  CHECK(play.times() == Times{0ms, 500ms, 1500ms, 3500ms, 7500ms, 11500ms, 15500ms, 19500ms,
                              23500ms, 27500ms, 31500ms});
  CHECK(play.endings == Endings{{32s, Ending::timed_out}});
}

TEST_CASE("RFC 6026 §7.1: after a 2xx a repeated INVITE is absorbed, a second 2xx is sent") {
  Play play;
  const TransactionId id = play.begin(Kind::server_invite);
  play.transactions.on(id, Event::answer_success, play.now, "200");
  CHECK_FALSE(play.transactions.on(id, Event::request, play.now));
  CHECK(play.sent.size() == 1);
  play.transactions.on(id, Event::answer_success, play.now, "200");
  CHECK(play.sent.size() == 2);
  CHECK(play.transactions.on(id, Event::ack, play.now));
  play.run();
  CHECK(play.empty());
}

TEST_CASE("RFC 3261 §17.2.2: a repeated request is answered from memory, and then forgotten") {
  Play play;
  const TransactionId id = play.begin(Kind::server_other);
  CHECK_FALSE(play.transactions.on(id, Event::request, play.now));  // no answer yet: nothing
  CHECK(play.sent.empty());
  play.transactions.on(id, Event::answer_success, play.now, "200");
  CHECK_FALSE(play.transactions.on(id, Event::request, play.now));
  play.transactions.on(id, Event::answer_failure, play.now, "500");  // too late: not kept
  CHECK_FALSE(play.transactions.on(id, Event::request, play.now));
  CHECK(play.sent == std::vector<Play::Sent>{{0ms, "200"}, {0ms, "200"}, {0ms, "200"}});
  play.run_until(31s);
  CHECK(play.transactions.servers() == 1);
  play.run_until(32s);
  CHECK(play.empty());
}

TEST_CASE("what the layer above never answers does not stay") {
  Play play;
  play.begin(Kind::server_other, Transport::tcp, "a");
  play.begin(Kind::server_invite, Transport::tcp, "b");
  play.run();
  CHECK(play.endings == Endings{{64s, Ending::unanswered}, {600s, Ending::unanswered}});
  CHECK(play.empty());
}

TEST_CASE("RFC 3261 §13.3.1.1: a provisional response gives the layer above its time anew") {
  Play play;
  const TransactionId id = play.begin(Kind::server_invite);
  for (const Duration at : {9min, 18min}) {
    play.run_until(at);
    REQUIRE(play.transactions.machine(id) != nullptr);
    play.transactions.on(id, Event::answer_provisional, play.now, "180");
  }
  play.transactions.on(id, Event::request, play.now);  // but not the peer, by asking again
  play.run_until(27min);
  play.transactions.on(id, Event::request, play.now);
  play.run();
  CHECK(play.endings == Endings{{28min, Ending::unanswered}});
  CHECK(play.empty());
}

TEST_CASE("RFC 3261 §17.1.4: a broken connection ends what was sent on it, and nothing else") {
  Play play;
  play.begin(Kind::client_other, Transport::tcp, "a");
  play.begin(Kind::client_invite, Transport::tcp, "b");
  play.begin(Kind::server_other, Transport::tcp, "c");
  play.transactions.begin({Kind::client_other, {"d"}, flow_of(Transport::tcp, 2), "other"},
                          play.now);
  play.begin(Kind::client_other, Transport::udp, "e");
  play.begin(Kind::server_other, Transport::udp, "f");
  play.transactions.transport_failed(flow_of(Transport::tcp), Transactions::Which::all, {});
  CHECK(play.endings.size() == 3);
  CHECK(play.transactions.clients() == 2);
  CHECK(play.transactions.servers() == 1);
  play.transactions.transport_failed(flow_of(Transport::udp), Transactions::Which::all, {});
  CHECK(play.transactions.clients() == 1);
  CHECK(play.transactions.servers() == 1);
}

TEST_CASE("RFC 3261 §17.1.4: what goes on by another way does not end with the former") {
  Play play;
  const TransactionId first = play.begin(Kind::client_other, Transport::tcp, "a");
  play.begin(Kind::client_other, Transport::tcp, "b");
  const TransactionId third = play.begin(Kind::client_invite, Transport::tcp, "c");
  Flow fresh = flow_of(Transport::tcp, 2);
  fresh.local.port = 40'000;
  play.transactions.move(third, fresh);
  play.transactions.move(first, fresh);
  play.transactions.move({}, fresh);
  for (const TransactionId id : {first, third}) {
    CHECK(play.transactions.flow(id)->id == fresh.id);
    CHECK(play.transactions.flow(id)->local.port == 5060);  // which its Via says
  }
  play.transactions.transport_failed(flow_of(Transport::tcp), Transactions::Which::all, {});
  CHECK(play.endings.size() == 1);
  CHECK(play.transactions.clients() == 2);
  play.transactions.transport_failed(fresh, Transactions::Which::all, {});
  CHECK(play.empty());
}

TEST_CASE("a transaction that is forgotten ends as dropped, once") {
  Play play;
  const TransactionId id = play.begin(Kind::server_other);
  play.transactions.forget(id);
  play.transactions.forget(id);
  play.transactions.forget({});
  play.run();
  CHECK(play.endings == Endings{{0ms, Ending::dropped}});
  CHECK(play.empty());
}

TEST_CASE("each Ending is written as its enumerator's own name") {
  for (const auto& [why, name] : {std::pair{Ending::complete, "complete"},
                                  {Ending::timed_out, "timed_out"},
                                  {Ending::transport_error, "transport_error"},
                                  {Ending::unanswered, "unanswered"},
                                  {Ending::refused, "refused"},
                                  {Ending::dropped, "dropped"}})
    CHECK(to_string(why) == name);
}

TEST_CASE("an id is not used again, and finds nothing when its transaction is gone") {
  Play play;
  const TransactionId first = play.begin(Kind::client_other);
  CHECK(play.transactions.find(client_key("key", "OPTIONS")) == first);
  play.run();
  CHECK_FALSE(play.transactions.find(client_key("key", "OPTIONS")));
  CHECK(play.transactions.machine(first) == nullptr);
  CHECK(play.transactions.flow(first) == nullptr);
  const TransactionId second = play.begin(Kind::client_other);
  CHECK(first != second);
  CHECK(play.transactions.machine(second) != nullptr);
  CHECK(play.transactions.machine({}) == nullptr);
}

TEST_CASE("a transaction holds no bytes that it will not send again") {
  Play play;
  const TransactionId tcp = play.begin(Kind::client_other, Transport::tcp, "a");
  CHECK(play.transactions.bytes(tcp).empty());
  const TransactionId udp = play.begin(Kind::client_other, Transport::udp, "b");
  CHECK(play.transactions.bytes(udp) == "first");
  play.transactions.on(udp, Event::success, play.now);
  CHECK(play.transactions.bytes(udp).empty());
}

TEST_CASE("a hundred thousand transactions wait and end") {
  Play play;
  for (int i = 0; i < 100'000; ++i) {
    play.now += 10us;
    play.begin(Kind::client_other, Transport::tcp, std::to_string(i));
  }
  CHECK(play.transactions.clients() == 100'000);
  play.run();
  CHECK(play.endings.size() == 100'000);
  CHECK(play.empty());
}

TEST_CASE("a transaction is found by its key among a thousand others, until it is gone") {
  Play play;
  const auto key = [](int i) { return client_key(std::to_string(i), "OPTIONS"); };
  std::vector<TransactionId> ids;
  for (int i = 0; i < 1000; ++i)
    ids.push_back(play.transactions.begin({Kind::server_other, key(i), flow_of(Transport::udp), {}},
                                          play.now));
  for (int i = 0; i < 1000; i += 2) play.transactions.forget(ids[static_cast<std::size_t>(i)]);
  for (int i = 0; i < 1000; ++i) {
    const auto found = play.transactions.find(key(i));
    CHECK(found.has_value() == (i % 2 == 1));
    if (found) CHECK(*found == ids[static_cast<std::size_t>(i)]);
  }
}

TEST_CASE("SIP-TRAN-04: without a branch an answered INVITE is found by the key of its ACK, too") {
  Play play;
  const HashKey secret{};
  const Key invite{"hINVITE\nuri\n\n"};
  const TransactionId id = play.transactions.begin(
      {Kind::server_invite, invite, flow_of(Transport::udp), "100"}, play.now);
  CHECK(play.transactions.needs_second_key(id));
  const Key acknowledged = acknowledged_key(invite, "2", secret);
  CHECK_FALSE(play.transactions.find(acknowledged));
  play.transactions.add_key(id, "2");
  CHECK(play.transactions.find(acknowledged) == id);
  CHECK(play.transactions.find(invite) == id);
  play.transactions.forget(id);
  CHECK_FALSE(play.transactions.find(acknowledged));
  CHECK_FALSE(play.transactions.find(invite));
}

}  // namespace kith::transaction
