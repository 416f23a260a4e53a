#pragma once

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "kith/sip/headers.h"
#include "kith/ua/endpoint.h"
#include "kith/ua/testing/heard.h"

namespace kith::ua::testing {

// An endpoint, the time, and what came out of it.
struct Play : Heard<Notice> {
  explicit Play(const Config& config = {}) : endpoint(config, random) {}

  SeededRandom random{1};
  Time now = start;
  Endpoint endpoint;
  std::vector<Send> sent;
  std::vector<Flow> closed;

  void drain() {
    while (auto output = endpoint.poll()) {
      if (auto* send = std::get_if<Send>(&*output)) sent.push_back(std::move(*send));
      if (auto* close = std::get_if<Close>(&*output)) closed.push_back(close->flow);
      if (auto* notice = std::get_if<Notice>(&*output)) events.push_back(std::move(*notice));
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
    sip::Message response = sip::Message::response(last<RequestReceived>().request, status);
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
  sip::Message last_sent() const {
    REQUIRE_FALSE(sent.empty());
    return sip::Message::parse(sent.back().bytes, Mode::strict).value();
  }
};

inline Flow tcp(std::uint64_t id = 0x2600) {
  return {.id = id,
          .transport = Transport::tcp,
          .local = Address::v4(192, 0, 2, 1, 5060),
          .remote = Address::v4(192, 0, 2, 2, 1733)};
}

inline Flow tls() {
  Flow flow = tcp();
  flow.transport = Transport::tls;
  return flow;
}

inline Flow udp(std::uint16_t port = 1733) {
  return {.id = 7,
          .transport = Transport::udp,
          .local = Address::v4(192, 0, 2, 1, 5060),
          .remote = Address::v4(192, 0, 2, 2, port)};
}

inline std::string request_text(std::string_view method, std::string_view via,
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

inline constexpr std::string_view tcp_via =
    "SIP/2.0/tcp 192.0.2.2:40150;branch=z9hG4bK7054179190B1";
inline constexpr std::string_view udp_via =
    "SIP/2.0/UDP 192.0.2.2:14010;branch=z9hG4bK7054179190B1";
inline constexpr std::string_view old_via = "SIP/2.0/UDP 192.0.2.2:14010";

inline std::string response_to(const Send& request, int status, std::string_view tag = "theirs") {
  const sip::Message sent = sip::Message::parse(request.bytes).value();
  sip::Message response = sip::Message::response(sent, status);
  response.set_to_tag(tag);
  return response.write();
}

}  // namespace kith::ua::testing
