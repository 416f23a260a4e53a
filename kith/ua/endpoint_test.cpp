#include "kith/ua/endpoint.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "kith/sip/headers.h"
#include "kith/sip/limits.h"

namespace kith::ua {
namespace {

constexpr Time start = Time{} + 1'763'689'728s;

// An endpoint, the time, and what came out of it.
struct Play {
  explicit Play(const Config& config = {}) : endpoint(config, random) {}

  SeededRandom random{1};
  Time now = start;
  Endpoint endpoint;
  std::vector<Send> sent;
  std::vector<Flow> closed;
  std::vector<Notice> notices;

  void drain() {
    while (auto output = endpoint.poll()) {
      if (auto* send = std::get_if<Send>(&*output)) sent.push_back(std::move(*send));
      if (auto* close = std::get_if<Close>(&*output)) closed.push_back(close->flow);
      if (auto* notice = std::get_if<Notice>(&*output)) notices.push_back(std::move(*notice));
    }
  }
  void receive(const Flow& flow, std::string_view bytes) {
    endpoint.receive(flow, bytes, now);
    drain();
  }
  void run_until(Duration end) {
    while (endpoint.next_deadline() <= start + end) {
      now = std::max(now, endpoint.next_deadline());
      endpoint.tick(now);
      drain();
    }
    now = start + end;
  }
  void respond(TransactionId id, int status) {
    endpoint.respond(id, answer(status), now);
    drain();
  }
  TransactionId request(const Flow& flow, std::string_view method) {
    const TransactionId id = endpoint.request(flow, outgoing(method), now);
    drain();
    return id;
  }
  // The answer to the last request that was passed up.
  sip::Message answer(int status) const {
    sip::Message response = sip::Message::response(all<RequestReceived>().back().request, status);
    response.set_to_tag("ours");
    return response;
  }
  static sip::Message outgoing(std::string_view method) {
    sip::Message message = sip::Message::request(method, "sip:alice@192.0.2.2");
    message.add("From", "<sip:example.com>;tag=1");
    message.add("To", "<sip:alice@example.com>");
    message.add("Call-ID", "a84b4c76e66710");
    message.add("CSeq", "1 " + std::string{method});
    return message;
  }
  template <class N>
  std::vector<N> all() const {
    std::vector<N> found;
    for (const Notice& notice : notices)
      if (const N* one = std::get_if<N>(&notice)) found.push_back(*one);
    return found;
  }
  sip::Message last_sent() const {
    REQUIRE_FALSE(sent.empty());
    return sip::Message::parse(sent.back().bytes, Mode::strict).value();
  }
};

Flow tcp(std::uint64_t id = 0x2600) {
  return {.id = id,
          .transport = Transport::tcp,
          .local = Address::v4(192, 0, 2, 1, 5060),
          .remote = Address::v4(192, 0, 2, 2, 1733)};
}

Flow tls() {
  Flow flow = tcp();
  flow.transport = Transport::tls;
  return flow;
}

Flow udp(std::uint16_t port = 1733) {
  return {.id = 7,
          .transport = Transport::udp,
          .local = Address::v4(192, 0, 2, 1, 5060),
          .remote = Address::v4(192, 0, 2, 2, port)};
}

std::string request_text(std::string_view method, std::string_view via,
                         std::string_view more = "Max-Forwards: 70\r\n") {
  std::string text{method};
  text += " sip:example.com SIP/2.0\r\nVia: ";
  text += via;
  text +=
      "\r\nFrom: <sip:alice@example.com>;tag=2002536044;epid=46b45a2a3940\r\n"
      "To: <sip:alice@example.com>\r\nCall-ID: A645gC0B5a\r\nCSeq: 1 ";
  text += method;
  text += "\r\n";
  text += more;
  text += "Content-Length: 0\r\n\r\n";
  return text;
}

constexpr std::string_view tcp_via = "SIP/2.0/tcp 192.0.2.2:40150;branch=z9hG4bK7054179190B1";
constexpr std::string_view udp_via = "SIP/2.0/UDP 192.0.2.2:14010;branch=z9hG4bK7054179190B1";
constexpr std::string_view old_via = "SIP/2.0/UDP 192.0.2.2:14010";

std::string response_to(const Send& request, int status, std::string_view tag = "theirs") {
  const sip::Message sent = sip::Message::parse(request.bytes).value();
  sip::Message response = sip::Message::response(sent, status);
  response.set_to_tag(tag);
  return response.write();
}

}  // namespace

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

TEST_CASE("SIP-TRAN-12: line ends between messages are skipped and not answered") {
  Play play({.answers_pings = false});
  play.endpoint.opened(tcp(), play.now);
  play.receive(tcp(), "\r\n\r\n");
  play.receive(tcp(), "\r\n" + request_text("REGISTER", tcp_via) + "\r\n\r\n");
  play.receive(udp(), "\r\n\r\n");
  CHECK(play.all<RequestReceived>().size() == 1);
  CHECK(play.notices.size() == 1);
  CHECK(play.sent.empty());
}

TEST_CASE("SIP-TRAN-16: a connection on which nobody authenticates is closed") {
  Play play;
  play.endpoint.opened(tcp(1), play.now);
  play.endpoint.opened(tcp(2), play.now);
  play.endpoint.authenticated(tcp(2));
  play.run_until(9'999ms);
  CHECK(play.closed.empty());
  play.run_until(10s);
  CHECK(play.closed == std::vector{tcp(1)});
  CHECK(play.all<FlowClosed>().at(0).why == Closing::not_authenticated);
  CHECK(play.endpoint.counts().connections == 1);
}

TEST_CASE("connections that may stay are closed by no timer, authenticated or not") {
  Play play;
  play.endpoint.opened(tcp(1), play.now);
  play.endpoint.opened(tcp(2), play.now);
  play.endpoint.authenticated(tcp(2));
  play.run_until(9s);
  play.endpoint.let_connections_stay();
  play.endpoint.opened(tcp(3), play.now);
  play.run_until(1h);
  CHECK(play.closed.empty());
  CHECK(play.endpoint.counts().connections == 3);
}

TEST_CASE("SIP-TRAN-17: a silent connection is closed, a keep-alive keeps it") {
  Play play;
  play.endpoint.opened(tcp(), play.now);
  play.endpoint.authenticated(tcp());
  play.run_until(300s);
  play.receive(tcp(), "\r\n\r\n");
  play.run_until(779s);
  CHECK(play.closed.empty());
  play.run_until(780s);
  CHECK(play.closed.size() == 1);
  CHECK(play.all<FlowClosed>().at(0).why == Closing::idle);
  CHECK(play.endpoint.counts() == Counts{});
}

TEST_CASE("a sender of one byte a second is closed when its message takes too long") {
  Play play;
  play.endpoint.opened(tcp(), play.now);
  play.endpoint.authenticated(tcp());
  const std::string request = request_text("REGISTER", tcp_via);
  for (std::size_t i = 0; i < 60 && play.closed.empty(); ++i) {
    play.run_until(1s * (i + 1));
    play.receive(tcp(), request.substr(i, 1));
  }
  CHECK(play.now == start + 31s);  // the first byte came after a second
  CHECK(play.all<FlowClosed>().at(0).why == Closing::slow);
}

TEST_CASE("SIP-TRAN-18: a stream on which the next message cannot be found is closed") {
  Play play;
  play.endpoint.opened(tcp(), play.now);
  std::string request = request_text("REGISTER", tcp_via);
  request.erase(request.find("Content-Length: 0\r\n"), 19);
  play.receive(tcp(), request + request);
  CHECK(play.all<FlowClosed>().at(0).why == Closing::malformed);
  CHECK(play.closed.size() == 1);
  play.receive(tcp(), request);  // what comes after is not looked at
  CHECK(play.all<RequestReceived>().empty());
  CHECK(play.endpoint.counts() == Counts{});
}

TEST_CASE("a header of 10 MB closes its connection long before it has come, and is not answered") {
  Play play;
  play.endpoint.opened(tcp(), play.now);
  std::string begin = request_text("REGISTER", tcp_via);
  begin.erase(begin.find("Content-Length"));
  play.receive(tcp(), begin + "X: ");
  const std::string chunk(16 * 1024, 'x');
  std::size_t received = 0;
  for (; received < 10 * 1024 * 1024 && play.closed.empty(); received += chunk.size())
    play.receive(tcp(), chunk);
  CHECK(received <= sip::header_section_size_max + chunk.size());
  CHECK(play.all<FlowClosed>().at(0).why == Closing::malformed);
  CHECK(play.all<RequestReceived>().empty());
  CHECK(play.sent.empty());
  CHECK(play.endpoint.counts() == Counts{});
}

TEST_CASE(
    "RFC 3261 §18.3: a body cut short is not delivered on a stream, and answered 400 over UDP") {
  std::string request = request_text("SERVICE", tcp_via);
  request.replace(request.find("Content-Length: 0"), 17, "Content-Length: 9");
  Play stream;
  stream.endpoint.opened(tcp(), stream.now);
  stream.endpoint.authenticated(tcp());
  stream.receive(tcp(), request + "<a>");
  stream.endpoint.closed(tcp(), {}, stream.now);
  stream.drain();
  CHECK(stream.all<RequestReceived>().empty());
  CHECK(stream.sent.empty());
  CHECK(stream.endpoint.counts() == Counts{});

  Play waiting;  // the rest never comes
  waiting.endpoint.opened(tcp(), waiting.now);
  waiting.endpoint.authenticated(tcp());
  waiting.receive(tcp(), request + "<a>");
  waiting.run_until(31s);
  CHECK(waiting.all<RequestReceived>().empty());
  CHECK(waiting.all<FlowClosed>().at(0).why == Closing::slow);

  Play datagram;
  request.replace(request.find(tcp_via), tcp_via.size(), udp_via);
  datagram.receive(udp(), request + "<a>");
  CHECK(datagram.all<RequestReceived>().empty());
  REQUIRE(datagram.sent.size() == 1);
  CHECK(datagram.last_sent().status() == 400);
  CHECK(datagram.last_sent().reason().contains("Content-Length"));
}

TEST_CASE("SIP-TRAN-18: whatever leaves on a stream has Content-Length") {
  Play play;
  play.endpoint.opened(tcp(), play.now);
  play.receive(tcp(), request_text("REGISTER", tcp_via));
  play.respond(play.all<RequestReceived>().at(0).transaction, 200);
  play.request(tcp(), "NOTIFY");
  play.endpoint.send(tcp(), Play::outgoing("BENOTIFY"));
  play.drain();
  play.receive(tcp(), request_text("SERVICE", tcp_via, "Max-Forwards: 7x\r\n"));
  REQUIRE(play.sent.size() == 4);
  for (const Send& each : play.sent) {
    CAPTURE(each.bytes);
    CHECK(each.bytes.contains("\r\nContent-Length: 0\r\n"));
  }
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

TEST_CASE("RFC 3261 §18.2.2: a response that another shard received finds its request") {
  Play asked{{.shard = 3}};
  Play other{{.shard = 1}};
  const TransactionId id = asked.request(udp(), "NOTIFY");
  other.receive(udp(5070), response_to(asked.sent.at(0), 200));
  REQUIRE(other.all<ResponseElsewhere>().size() == 1);
  CHECK(other.notices.size() == 1);
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
  REQUIRE(play.notices.size() == 2);
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

TEST_CASE("what is forgotten is answered no more, and begins anew when it comes again") {
  for (const char* method : {"SERVICE", "INVITE"}) {
    Play play;
    play.receive(udp(), request_text(method, udp_via));
    play.endpoint.forget(play.all<RequestReceived>().at(0).transaction);
    CHECK(play.endpoint.counts() == Counts{});
    play.respond(play.all<RequestReceived>().at(0).transaction, 200);
    play.run_until(1min);
    CHECK(play.sent.empty());
    CHECK(play.all<Ended>().empty());
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

TEST_CASE("limit: a connection over the most is closed as soon as it opens") {
  Play play{{.limits = {.connections_max = 1}}};
  play.endpoint.opened(tcp(1), play.now);
  play.endpoint.opened(tcp(2), play.now);
  play.drain();
  CHECK(play.closed == std::vector{tcp(2)});
  CHECK(play.all<FlowClosed>().at(0).why == Closing::limit);
  play.receive(tcp(2), request_text("REGISTER", tcp_via));
  CHECK(play.all<RequestReceived>().empty());
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
    REQUIRE(play.notices.size() == 2);
    CHECK(std::holds_alternative<ResponseReceived>(play.notices.front()));
    CHECK(std::holds_alternative<Ended>(play.notices.back()));
  }
}

}  // namespace kith::ua
