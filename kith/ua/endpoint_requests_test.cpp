// Requests of ours, and the responses to them.
#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "kith/ua/testing/play.h"

namespace kith::ua {

using testing::Play;
using testing::request_text;
using testing::response_to;
using testing::tcp;
using testing::udp;
using testing::udp_via;

TEST_CASE("RFC 3261 §18.1.1: a request of ours has our Via, and its response finds it") {
  Play play{{.sent_by = {.udp = "sip.example.com:5062"}, .shard = 3}};
  const TransactionId id = play.request(udp(), "NOTIFY");
  const auto via = play.last_sent().require<sip::Via>();
  REQUIRE(via);
  CHECK(via->host == "sip.example.com");
  CHECK(via->port == 5062);
  CHECK(via->params.has("rport"));
  CHECK(shard_of_branch(via->branch().value()) == 3);
  CHECK(play.last_sent().has<sip::MaxForwards>());

  play.receive(udp(), response_to(play.sent.at(0), 200));
  play.receive(udp(), response_to(play.sent.at(0), 200));  // repeated: not passed up
  REQUIRE(play.all<ResponseReceived>().size() == 1);
  CHECK(play.all<ResponseReceived>()[0].transaction == id);
  play.run_until(1min);
  CHECK(play.sent.size() == 1);
  CHECK(play.endpoint.counts() == Counts{});
}

TEST_CASE("a response that answers nothing of ours is dropped") {
  Play play;
  play.request(udp(), "NOTIFY");
  std::string other = response_to(play.sent.at(0), 200);
  other.replace(other.find("z9hG4bK00."), 12, "z9hG4bK00.zz");
  play.receive(udp(), other);
  std::string method = response_to(play.sent.at(0), 200);
  method.replace(method.find("1 NOTIFY"), 8, "1 INVITE");
  play.receive(udp(), method);
  CHECK(play.all<ResponseReceived>().empty());
  CHECK(play.all<Refused>().size() == 2);
}

TEST_CASE("RFC 3261 §18.1.2: a response whose top Via names somebody else is dropped") {
  struct Row {
    std::string_view sent_by, by_default, said;
    bool taken;
  };
  const std::string_view local = "192.0.2.1:5060";
  const std::string_view name = "sip.example.com";
  const std::string_view v6 = "[2001:db8::1]:5070";
  for (const Row& row :
       {Row{"", local, "192.0.2.1:5060", true}, Row{"", local, "192.0.2.1", true},
        Row{"", local, "192.0.2.1:5061", false}, Row{"", local, "192.0.2.1:506", false},
        Row{"", local, "192.0.2.1:50600", false}, Row{"", local, "192.0.2.2:5060", false},
        Row{"", local, "192.0.2.11:5060", false}, Row{"", local, "example.com:5060", false},
        Row{name, name, "SIP.Example.COM", true}, Row{name, name, "sip.example.com:5060", true},
        Row{name, name, "sip.example.com:5061", false}, Row{name, name, "sip.example.co", false},
        Row{name, name, "192.0.2.1", false}, Row{v6, v6, "[2001:DB8:0::1]:5070", true},
        Row{v6, v6, "[2001:db8::1]", false}, Row{v6, v6, "[2001:db8::2]:5070", false}}) {
    CAPTURE(row.said);
    Play play{{.sent_by = {.udp = std::string{row.sent_by}}}};
    play.request(udp(), "NOTIFY");
    const std::string response = response_to(play.sent.at(0), 200);
    std::string said = response;
    said.replace(said.find(row.by_default), row.by_default.size(), row.said);
    play.receive(udp(), said);
    CHECK(play.all<ResponseReceived>().size() == (row.taken ? 1 : 0));
    if (row.taken) continue;
    CHECK(play.last<Refused>().error == Error{Fault::malformed, "Via"});
    play.receive(udp(), response);  // the true one finds its transaction as it was
    CHECK(play.all<ResponseReceived>().size() == 1);
  }
}

TEST_CASE("RFC 3261 §18.1.2: over TLS a Via without a port is one of 5061") {
  for (const auto& [said, taken] :
       {std::pair{"b.example:5061;", true}, {"b.example:5060;", false}}) {
    Play play{{.sent_by = {.tls = "b.example"}}};
    play.endpoint.opened(testing::tls(), play.now);
    play.request(testing::tls(), "NOTIFY");
    std::string response = response_to(play.sent.at(0), 200);
    play.receive(testing::tls(), response.replace(response.find("b.example;"), 10, said));
    CHECK(play.all<ResponseReceived>().size() == (taken ? 1 : 0));
  }
}

TEST_CASE("RFC 3261 §18.1.2: each request is told by the address that it left from") {
  Play play;
  Flow other = udp();
  other.id = 8;
  other.local = Address::v4(192, 0, 2, 7, 5080);
  for (const Flow& flow : {udp(), other, udp()}) play.request(flow, "NOTIFY");
  REQUIRE(play.sent.size() == 3);
  CHECK(play.sent[1].bytes.contains("192.0.2.7:5080;branch"));
  for (const Send& sent : play.sent) play.receive(udp(), response_to(sent, 200));
  CHECK(play.all<ResponseReceived>().size() == 3);
}

TEST_CASE("RFC 3261 §18.2.2: a response that another shard received finds its request") {
  Play asked{{.shard = 3}};
  Play other{{.shard = 1}};
  const TransactionId id = asked.request(udp(), "NOTIFY");
  other.receive(udp(5070), response_to(asked.sent.at(0), 200));
  REQUIRE(other.all<ResponseElsewhere>().size() == 1);
  CHECK(other.events.size() == 1);
  const ResponseElsewhere handed = other.all<ResponseElsewhere>()[0];
  CHECK(handed.shard == 3);
  for (int i = 0; i < 2; ++i) {
    asked.endpoint.take_over(handed.flow, handed.response, asked.now);
    asked.drain();
  }
  REQUIRE(asked.all<ResponseReceived>().size() == 1);
  CHECK(asked.all<ResponseReceived>()[0].transaction == id);
  asked.run_until(1min);
  CHECK(asked.sent.size() == 1);
  asked.endpoint.take_over(handed.flow, handed.response,
                           asked.now);  // too late: it goes no further
  asked.drain();
  CHECK(asked.all<ResponseElsewhere>().empty());
  CHECK(asked.all<Refused>().size() == 1);
}

TEST_CASE("shard_of_branch reads only branches that are ours") {
  CHECK(shard_of_branch("z9hG4bKff.0123") == 255);
  for (const char* branch : {"", "z9hG4bK", "z9hG4bKff", "z9hG4bKxx.0", "z9hG4bK0123", "ff.0123"})
    CHECK_FALSE(shard_of_branch(branch));
}

TEST_CASE(
    "RFC 3261 §17.1.1.3: a refused INVITE of ours is acknowledged with its own Via and route") {
  Play play;
  sip::Message invite = Play::outgoing("INVITE");
  invite.add("Route", "<sip:proxy.example.com;lr>");
  play.endpoint.request(udp(), invite, play.now);
  play.drain();
  play.receive(udp(), response_to(play.sent.at(0), 486));
  REQUIRE(play.sent.size() == 2);
  const sip::Message ack = play.last_sent();
  const sip::Message sent = sip::Message::parse(play.sent[0].bytes).value();
  CHECK(ack.method() == "ACK");
  CHECK(ack.request_uri() == sent.request_uri());
  CHECK(ack.text("Via") == sent.text("Via"));
  CHECK(ack.text("Route") == "<sip:proxy.example.com;lr>");
  CHECK(ack.text("CSeq") == "1 ACK");
  CHECK(ack.require<sip::To>()->tag() == "theirs");
  play.receive(udp(), response_to(play.sent.at(0), 486));
  CHECK(play.sent.size() == 3);
  CHECK(play.all<ResponseReceived>().size() == 1);
}

TEST_CASE("RFC 3261 §9.1: an INVITE of ours is cancelled after a provisional, and not before") {
  Play play;
  const TransactionId invite = play.request(udp(), "INVITE");
  CHECK_FALSE(play.endpoint.cancel(invite, play.now));
  play.receive(udp(), response_to(play.sent.at(0), 180));
  CHECK(play.endpoint.cancel(invite, play.now).has_value());
  CHECK_FALSE(play.endpoint.cancel(invite, play.now));  // once is enough
  play.drain();
  CHECK(play.last_sent().method() == "CANCEL");
  CHECK(play.last_sent().text("Via") == sip::Message::parse(play.sent.at(0).bytes)->text("Via"));
  play.receive(udp(), response_to(play.sent.back(), 200));
  play.receive(udp(), response_to(play.sent.at(0), 487));
  CHECK(play.all<ResponseReceived>().size() == 3);
  CHECK_FALSE(play.endpoint.cancel(invite, play.now));
  play.run_until(1h);
  CHECK(play.endpoint.counts() == Counts{});
}

TEST_CASE("RFC 3261 §17.1.4: a closed connection ends the requests that went out on it") {
  Play play;
  play.endpoint.opened(tcp(), play.now);
  const TransactionId id = play.request(tcp(), "NOTIFY");
  const auto reset = std::make_error_code(std::errc::connection_reset);
  play.endpoint.closed(tcp(), reset, play.now);
  play.endpoint.closed(tcp(), reset, play.now);  // once more changes nothing
  play.drain();
  REQUIRE(play.events.size() == 2);
  CHECK(play.all<Ended>().at(0).transaction == id);
  CHECK(play.all<Ended>().at(0).why == Ending::transport_error);
  CHECK(play.all<Ended>().at(0).error == reset);
  CHECK(play.all<FlowClosed>().at(0).why == Closing::by_peer);
  CHECK(play.endpoint.counts() == Counts{});
  // Nothing can be sent there any more.
  const TransactionId second = play.request(tcp(), "NOTIFY");
  CHECK(play.all<Ended>().at(1).transaction == second);
  play.endpoint.send(tcp(), Play::outgoing("BENOTIFY"));
  play.drain();
  CHECK(play.sent.size() == 1);
}

TEST_CASE("SIP-BEN-07: an answer to BENOTIFY is ignored, whatever it says") {
  for (const int status : {200, 481, 500}) {
    Play play;
    play.endpoint.opened(tcp(), play.now);
    play.endpoint.send(tcp(), Play::outgoing("BENOTIFY"));
    play.drain();
    play.receive(tcp(), response_to(play.sent.at(0), status));
    CHECK(play.all<ResponseReceived>().empty());
    CHECK(play.all<Ended>().empty());
    CHECK(play.closed.empty());
    play.run_until(1min);
    CHECK(play.all<Ended>().empty());
    CHECK(play.sent.size() == 1);
  }
}

TEST_CASE("BENOTIFY and ACK go out with a Via and leave nothing behind") {
  Play play;
  play.endpoint.opened(tcp(), play.now);
  play.endpoint.send(tcp(), Play::outgoing("BENOTIFY"));
  play.drain();
  CHECK(play.last_sent().text("Via").starts_with("SIP/2.0/TCP 192.0.2.1:5060;branch=z9hG4bK00."));
  CHECK(play.endpoint.counts().client_transactions == 0);
}

TEST_CASE("an answer to nothing is ignored") {
  Play play;
  play.receive(udp(), request_text("SERVICE", udp_via));
  const TransactionId id = play.all<RequestReceived>().at(0).transaction;
  play.respond({}, 200);
  play.respond({id.value + 1}, 200);
  CHECK(play.sent.empty());
  play.respond(id, 200);
  play.respond(id, 500);  // answered already
  CHECK(play.sent.size() == 1);
}

TEST_CASE("RFC 3261 §17.1.2.2: a response comes before the end of the transaction that it ends") {
  for (const std::string_view method : {"MESSAGE", "INVITE"}) {
    CAPTURE(method);
    Config config;
    config.reports_complete = true;
    Play play(config);
    play.endpoint.opened(tcp(), play.now);
    play.request(tcp(), method);
    // On a stream timers D and K are zero.
    play.receive(tcp(), sip::Message::response(play.last_sent(), 486).write());
    REQUIRE(play.events.size() == 2);
    CHECK(std::holds_alternative<ResponseReceived>(play.events.front()));
    CHECK(std::holds_alternative<Ended>(play.events.back()));
  }
}

}  // namespace kith::ua
