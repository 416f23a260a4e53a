#include "kith/ua/endpoint.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "kith/ua/testing/play.h"

namespace kith::ua {

using testing::old_via;
using testing::Play;
using testing::request_text;
using testing::tcp;
using testing::tcp_via;
using testing::tls;
using testing::udp;
using testing::udp_via;

TEST_CASE("SIP-TRAN-01: a request over UDP, TCP or TLS is passed up, and its answer goes back") {
  for (const Flow& flow : {udp(14010), tcp(), tls()}) {
    CAPTURE(to_string(flow.transport));
    Play play;
    if (is_stream(flow.transport)) play.endpoint.opened(flow, play.now);
    const std::string via =
        "SIP/2.0/" + std::string(to_string(flow.transport)) + " 192.0.2.2:14010;branch=z9hG4bK70";
    play.receive(flow, request_text("REGISTER", via));
    REQUIRE(play.all<RequestReceived>().size() == 1);
    play.respond(play.all<RequestReceived>()[0].transaction, 200);
    REQUIRE(play.sent.size() == 1);
    CHECK(play.sent[0].flow == flow);
    CHECK(play.last_sent().status() == 200);
  }
}

TEST_CASE("SIP-TRAN-05: on a stream the top Via says which port and connection it came from") {
  Play play;
  play.endpoint.opened(tcp(), play.now);
  play.receive(tcp(), request_text("REGISTER", "SIP/2.0/TCP 11.22.33.44:13684"));
  play.respond(play.all<RequestReceived>().at(0).transaction, 200);
  CHECK(play.last_sent().text("Via") ==
        "SIP/2.0/TCP 11.22.33.44:13684;received=192.0.2.2;ms-received-port=1733;"
        "ms-received-cid=2600");
}

TEST_CASE("RFC 3261 §18.2.1: received is added where the address is another, and only there") {
  const auto via_after = [](const Flow& flow, std::string_view via) {
    Play play;
    play.receive(flow, request_text("OPTIONS", via));
    REQUIRE(play.all<RequestReceived>().size() == 1);
    return std::string{play.all<RequestReceived>()[0].request.text("Via")};
  };
  CHECK(via_after(udp(), old_via) == old_via);
  CHECK(via_after(udp(), "SIP/2.0/UDP pc.example.com") ==
        "SIP/2.0/UDP pc.example.com;received=192.0.2.2");
  CHECK(via_after(udp(), "SIP/2.0/UDP 192.0.2.2;received=203.0.113.9") == "SIP/2.0/UDP 192.0.2.2");
  Flow v6 = udp();
  v6.remote = Address::parse_host("2001:db8::2", 1733).value();
  CHECK(via_after(v6, "SIP/2.0/UDP [2001:DB8:0::2]") == "SIP/2.0/UDP [2001:DB8:0::2]");
  CHECK(via_after(v6, "SIP/2.0/UDP pc.example.com") ==
        "SIP/2.0/UDP pc.example.com;received=2001:db8::2");
}

TEST_CASE("RFC 3581 §4: rport is answered with port and address, and the answer goes there") {
  Play play;
  play.receive(udp(1733), request_text("OPTIONS", "SIP/2.0/UDP 192.0.2.2:14010;rport"));
  play.respond(play.all<RequestReceived>().at(0).transaction, 200);
  CHECK(play.last_sent().text("Via") ==
        "SIP/2.0/UDP 192.0.2.2:14010;rport=1733;received=192.0.2.2");
  CHECK(play.sent[0].flow.remote.port == 1733);
}

TEST_CASE("RFC 3261 §18.2.2: without rport a datagram is answered at the port of sent-by") {
  for (const auto& [via, port] :
       {std::pair{"SIP/2.0/UDP 10.0.0.1:14010", 14010}, std::pair{"SIP/2.0/UDP 10.0.0.1", 5060}}) {
    Play play;
    play.receive(udp(1733), request_text("OPTIONS", via));
    play.respond(play.all<RequestReceived>().at(0).transaction, 200);
    CHECK(play.sent[0].flow.remote == Address::v4(192, 0, 2, 2, static_cast<std::uint16_t>(port)));
  }
}

TEST_CASE("SIP-AUTH-57: a retransmission is answered from memory and not passed up") {
  for (const std::string_view via : {udp_via, old_via}) {
    Play play;
    const std::string request = request_text("SERVICE", via);
    play.receive(udp(), request);
    play.receive(udp(), request);  // not answered yet
    CHECK(play.sent.empty());
    play.respond(play.all<RequestReceived>().at(0).transaction, 200);
    play.run_until(20s);
    play.receive(udp(), request);
    CHECK(play.all<RequestReceived>().size() == 1);
    REQUIRE(play.sent.size() == 2);
    CHECK(play.sent[0].bytes == play.sent[1].bytes);
  }
}

TEST_CASE("two devices that repeat everything on two connections are two") {
  Play play;
  play.endpoint.opened(tcp(1), play.now);
  play.endpoint.opened(tcp(2), play.now);
  const std::string request = request_text("REGISTER", tcp_via);
  play.receive(tcp(1), request);
  play.receive(tcp(2), request);
  CHECK(play.all<RequestReceived>().size() == 2);
  play.receive(udp(1), request_text("REGISTER", udp_via));
  play.receive(udp(2), request_text("REGISTER", udp_via));
  CHECK(play.all<RequestReceived>().size() == 4);
}

TEST_CASE("SIP-TRAN-04: without a branch a request is told by its headers") {
  const auto changed = [](std::string_view from, std::string_view to) {
    Play play;
    std::string request = request_text("SERVICE", old_via);
    play.receive(udp(), request);
    request.replace(request.find(from), from.size(), to);
    play.receive(udp(), request);
    return play.all<RequestReceived>().size() == 2;
  };
  CHECK_FALSE(changed("Max-Forwards: 70", "Max-Forwards: 69"));  // no part of it
  CHECK(changed("sip:example.com", "sip:example.org"));
  CHECK(changed("tag=2002536044", "tag=2002536045"));
  CHECK(changed("A645gC0B5a", "A645gC0B5b"));
  CHECK(changed("CSeq: 1", "CSeq: 2"));
  CHECK(changed(":14010", ":14011"));
  CHECK(changed("epid=46b45a2a3940", "epid=46b45a2a3941"));
  CHECK(changed("To: <sip:alice@example.com>", "To: <sip:alice@example.com>;tag=1"));
}

TEST_CASE("SIP-TRAN-04: without a branch an ACK finds its INVITE by the tag of the answer") {
  Play play;
  play.receive(udp(), request_text("INVITE", old_via));
  play.respond(play.all<RequestReceived>().at(0).transaction, 486);
  std::string ack = request_text("ACK", old_via);
  play.receive(udp(), ack);  // without the tag it is for something else
  CHECK(play.all<AckReceived>().size() == 1);
  const std::string_view to = "To: <sip:alice@example.com>";
  ack.insert(ack.find(to) + to.size(), ";tag=ours");
  play.receive(udp(), ack);
  CHECK(play.all<AckReceived>().size() == 1);
  play.run_until(1h);
  CHECK(play.sent.size() == 1);
  CHECK(play.endpoint.counts() == Counts{});
}

TEST_CASE("RFC 3261 §16.3: what cannot be right is answered here, with the header's name") {
  struct Case {
    std::string_view from, to, answer;
  };
  for (const auto& [from, to, answer] : {
           Case{"CSeq: 1 SERVICE", "CSeq: x SERVICE", "400 Malformed CSeq"},
           Case{"CSeq: 1 SERVICE", "CSeq: 1 INVITE", "400 Malformed CSeq"},
           Case{"Call-ID: A645gC0B5a\r\n", "", "400 Missing Call-ID"},
           Case{"From: <", "From: \"<", "400 Malformed From"},
           Case{"To: <sip:", "To: <sip:<", "400 Malformed To"},
           Case{"Max-Forwards: 70", "Max-Forwards: 7x", "400 Malformed Max-Forwards"},
           Case{"Max-Forwards: 70", "Max-Forwards: 0", "483 Too Many Hops"},
           Case{"SIP/2.0\r\n", "SIP/3.0\r\n", "505 Version Not Supported"},
           Case{"Max-Forwards", "Max Forwards", "400 Malformed header line"},
       }) {
    Play play;
    std::string request = request_text("SERVICE", udp_via);
    request.replace(request.find(from), from.size(), to);
    play.receive(udp(), request);
    CAPTURE(to);
    CHECK(play.all<RequestReceived>().empty());
    REQUIRE(play.sent.size() == 1);
    CHECK(play.sent[0].bytes.substr(8, answer.size()) == answer);
    CHECK(play.all<Refused>().size() == 1);
    CHECK(play.endpoint.counts() == Counts{});
    // RFC 3261 §8.2.7: the same request gets the same answer, tag and all.
    play.receive(udp(), request);
    CHECK(play.sent.at(0).bytes == play.sent.at(1).bytes);
  }
}

TEST_CASE("what is no request at all is dropped, and so is a malformed ACK") {
  Play play;
  play.receive(udp(), "GET / HTTP/1.1\r\n\r\n");
  play.receive(udp(), std::string_view{"\0\1\2", 3});
  play.receive(udp(), "SERVICE sip:example.com SIP/2.0\r\n\r\n");
  std::string ack = request_text("ACK", udp_via);
  play.receive(udp(), ack.replace(ack.find("CSeq: 1"), 7, "CSeq: x"));
  play.receive(udp(), "SIP/2.0 200 OK\r\n\r\n");
  CHECK(play.all<AckReceived>().empty());
  CHECK(play.all<RequestReceived>().empty());
  CHECK(play.all<Refused>().size() == 5);
  for (const Send& send : play.sent) CHECK(send.bytes.starts_with("SIP/2.0 400 Missing"));
}

TEST_CASE("RFC 3261 §11: OPTIONS with Max-Forwards: 0 is for us") {
  Play play;
  play.receive(udp(), request_text("OPTIONS", udp_via, "Max-Forwards: 0\r\n"));
  CHECK(play.all<RequestReceived>().size() == 1);
}

TEST_CASE("RFC 3261 §9.2: a CANCEL is answered 200 and told, or 481") {
  Play play;
  play.receive(udp(), request_text("CANCEL", udp_via));
  CHECK(play.last_sent().status() == 481);
  play.run_until(1min);
  play.receive(udp(), request_text("INVITE", udp_via));
  play.respond(play.all<RequestReceived>().at(0).transaction, 180);
  play.receive(udp(), request_text("CANCEL", udp_via));
  CHECK(play.last_sent().status() == 200);
  CHECK(play.last_sent().require<sip::To>()->tag() == "ours");
  play.receive(udp(), request_text("CANCEL", udp_via));  // a retransmission
  REQUIRE(play.all<CancelReceived>().size() == 1);
  CHECK(play.all<CancelReceived>()[0].invite == play.all<RequestReceived>()[0].transaction);
  play.respond(play.all<CancelReceived>()[0].invite, 487);
  play.receive(udp(), request_text("ACK", udp_via));
  CHECK(play.all<AckReceived>().empty());
  play.run_until(1h);
  CHECK(play.all<Ended>().empty());
  CHECK(play.endpoint.counts() == Counts{});
}

TEST_CASE("what is forgotten is answered no more, and begins anew when it comes again") {
  for (const char* method : {"SERVICE", "INVITE"}) {
    Play play;
    play.receive(udp(), request_text(method, udp_via));
    play.endpoint.forget(play.all<RequestReceived>().at(0).transaction);
    play.respond(play.all<RequestReceived>().at(0).transaction, 200);
    play.run_until(1min);
    CHECK(play.endpoint.counts() == Counts{});
    CHECK(play.sent.empty());
    REQUIRE(play.all<Ended>().size() == 1);
    CHECK(play.all<Ended>().at(0).why == Ending::dropped);
    play.receive(udp(), request_text(method, udp_via));
    REQUIRE(play.all<RequestReceived>().size() == 2);
    play.respond(play.all<RequestReceived>().at(1).transaction, 200);
    CHECK(play.sent.size() == 1);
  }
}

TEST_CASE("what was answered, is ours, or is not there cannot be forgotten") {
  Play play;
  play.receive(udp(), request_text("SERVICE", udp_via));
  const TransactionId answered = play.all<RequestReceived>().at(0).transaction;
  play.respond(answered, 200);
  for (const TransactionId id : {answered, play.request(udp(), "NOTIFY"), TransactionId{}})
    play.endpoint.forget(id);
  CHECK(play.endpoint.counts().server_transactions == 1);
  CHECK(play.endpoint.counts().client_transactions == 1);
  play.receive(udp(), request_text("SERVICE", udp_via));  // answered from memory
  CHECK(play.all<RequestReceived>().size() == 1);
  CHECK(play.sent.size() == 3);
}

TEST_CASE("limit: over the most transactions a request gets 503, and leaves nothing") {
  Play play{{.limits = {.server_transactions_max = 2, .client_transactions_max = 1}}};
  for (int i = 0; i < 4; ++i)
    play.receive(udp(), request_text("SERVICE", std::string{udp_via} + std::to_string(i)));
  CHECK(play.all<RequestReceived>().size() == 2);
  REQUIRE(play.sent.size() == 2);
  CHECK(play.last_sent().status() == 503);
  CHECK(play.last_sent().has<sip::RetryAfter>());
  CHECK(play.endpoint.counts().server_transactions == 2);

  play.request(udp(), "NOTIFY");
  play.request(udp(), "NOTIFY");
  CHECK(play.endpoint.counts().client_transactions == 1);
  CHECK(play.all<Ended>().at(0).why == Ending::refused);
}

TEST_CASE("limit: a datagram that is too large is not sent") {
  Play play;
  sip::Message large = Play::outgoing("MESSAGE");
  large.set_body("text/plain", std::string(datagram_size_max, 'x'));
  play.endpoint.request(udp(), large, play.now);
  play.drain();
  CHECK(play.sent.empty());
  CHECK(play.all<Ended>().at(0).error == std::errc::message_size);
}

TEST_CASE("limit: one tick asks for no more than so much, and wants to be called again") {
  Play play;
  for (std::size_t i = 0; i < timers_per_tick_max + 1; ++i) {
    play.endpoint.request(udp(), Play::outgoing("NOTIFY"), play.now);
    play.drain();
  }
  play.now += 500ms;
  play.endpoint.tick(play.now);
  CHECK(play.endpoint.counts().outputs == timers_per_tick_max);
  CHECK(play.endpoint.next_deadline() <= play.now);
  play.drain();
  play.endpoint.tick(play.now);
  CHECK(play.endpoint.counts().outputs == 1);
  CHECK(play.endpoint.next_deadline() > play.now);
}

}  // namespace kith::ua
