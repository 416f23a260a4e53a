// Connections: what is cut out of them, and how long they may stay.
#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "kith/sip/limits.h"
#include "kith/ua/testing/play.h"

namespace kith::ua {

using testing::Play;
using testing::request_text;
using testing::start;
using testing::tcp;
using testing::tcp_via;
using testing::udp;
using testing::udp_via;

TEST_CASE("SIP-TRAN-12: line ends between messages are skipped and not answered") {
  Play play({.answers_pings = false});
  play.endpoint.opened(tcp(), play.now);
  play.receive(tcp(), "\r\n\r\n");
  play.receive(tcp(), "\r\n" + request_text("REGISTER", tcp_via) + "\r\n\r\n");
  play.receive(udp(), "\r\n\r\n");
  CHECK(play.all<RequestReceived>().size() == 1);
  CHECK(play.events.size() == 1);
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

}  // namespace kith::ua
