// What the tests of session descriptions come to where bodies are bytes.

#include <span>

#include "tests/jain/tck/net.h"

namespace kith::ua::tck {
namespace {

constexpr std::string_view sdp = "application/sdp";

/// Descriptions as their writers may have them, and what is none at all.
std::vector<std::string> descriptions() {
  std::string any(8'000, '\0');
  SeededRandom random(1);
  random.fill(std::as_writable_bytes(std::span{any}));
  return {
      "v=0\r\no=alice 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
      "m=audio 49170 RTP/AVP 0 8\r\na=rtpmap:0 PCMU/8000\r\na=sendrecv\r\n",
      "v=0\no=- 1 1 IN IP6 2001:db8::1\ns= \nt=0 0",
      "v=0\r\ns=Gr\xc3\xbc\xc3\x9f \xe9\r\n\r\n\r\n",
      "v=0\r\n\r\nINVITE sip:bob@b.example SIP/2.0\r\nContent-Length: 0\r\n\r\n",
      std::string("v=0\0\r\n", 6),
      " ",
      any,
  };
}

sip::Message with_body(sip::Message message, std::string_view body) {
  message.set_body(sdp, body);
  return message;
}

void check_body(const sip::Message& message, std::string_view body) {
  CHECK(message.body() == body);
  CHECK(message.text("Content-Type") == sdp);
}

TEST_CASE("SdpParserTest: offer, answer and what the ACK brings arrive byte for byte") {
  over_both([](Transport transport) {
    for (const std::string& body : descriptions()) {
      CAPTURE(body);
      Call call(transport);
      call.bob.piece_size_max = 7;
      call.alice.agent.request(call.net.flow(call.alice, call.bob),
                               with_body(request_of(call.alice, call.bob), body), call.net.now);
      call.net.settle();
      const Request invite = call.bob.last<Request>();
      check_body(invite.message, body);
      REQUIRE(call.bob.agent.respond(
          invite.transaction, with_body(call.response_of(call.bob, invite, 200), body + "answer"),
          call.net.now));
      call.net.settle();
      check_body(call.alice.last<Response>().message, body + "answer");
      REQUIRE(call.alice.agent.ack(call.alices(), call.net.now, sdp, body + "again"));
      call.net.settle();
      check_body(call.bob.last<Ack>().message, body + "again");
      call.hang_up(call.alice, call.alices());
    }
  });
}

TEST_CASE("SdpParserTest: a description that is cut short is not handed on") {
  for (const std::string& body : descriptions()) {
    CAPTURE(body);
    Call call;
    sip::Message invite = with_body(request_of(call.alice, call.bob), body);
    invite.prepend("Via", "SIP/2.0/UDP " + call.alice.at() + ";branch=z9hG4bK1");
    std::string wire = invite.write();
    wire.pop_back();
    call.net.inject(call.alice, call.bob, wire);
    CHECK(call.bob.all<Request>().empty());
    CHECK(call.bob.sent_of("SIP/2.0 400") == 1);
  }
}

}  // namespace
}  // namespace kith::ua::tck
