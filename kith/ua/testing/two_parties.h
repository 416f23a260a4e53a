#pragma once

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "kith/sip/headers.h"
#include "kith/ua/testing/line.h"

namespace kith::ua::testing {

inline int status_of_last(const Party& party) { return party.last<Response>().message.status(); }

/// Alice asks bob, by default, and either may be told what nobody on the line has said.
struct TwoParties : Line {
  using Line::Line;

  /// `extra`: whole header lines.
  TransactionId ask(std::string_view method, std::string_view extra = {},
                    std::uint32_t sequence = 1) {
    const TransactionId id = alice.agent.request(alice.flow, to_bob(method, extra, sequence), now);
    settle();
    return id;
  }
  using Headers = std::initializer_list<std::pair<std::string_view, std::string_view>>;
  Result<TransactionId> send(Party& party, DialogId dialog, std::string_view method,
                             Headers headers = {}) {
    std::optional<sip::Message> draft = party.agent.draft(dialog, method);
    if (!draft) return refuse(Fault::missing, "dialog");
    draft->add("Contact", "<sip:" + party.name + "@127.0.0.1>");
    for (const auto& [name, value] : headers) draft->add(name, value);
    const Result<TransactionId> id = party.agent.send(dialog, *std::move(draft), now);
    settle();
    return id;
  }
  static sip::Message response_to(const Request& request, int status, Headers headers = {}) {
    sip::Message response = sip::Message::response(request.message, status);
    for (const auto& [name, value] : headers) response.add(name, value);
    if (!response.has("Contact")) response.add("Contact", "<sip:bob@127.0.0.1:6050>");
    return response;
  }
  /// What it was asked last.
  void answer(Party& party, int status, Headers headers = {}) {
    const Request request = party.last<Request>();
    REQUIRE(party.agent.respond(request.transaction, response_to(request, status, headers), now));
    settle();
  }
  void answer(int status, Headers headers = {}) { answer(bob, status, headers); }
  DialogId alices() const { return *alice.last<Response>().dialog; }
  DialogId bobs() const { return *bob.last<Ack>().dialog; }
  void acknowledge() {
    REQUIRE(alice.agent.ack(alices(), now));
    settle();
  }
  DialogId establish() {
    ask("INVITE");
    answer(200);
    acknowledge();
    return alices();
  }
  void hears(Party& party, std::string_view bytes) {
    party.agent.receive(party.flow, bytes, now);
    settle();
  }
  /// A request from the other end that the other user agent knows nothing of.
  void is_asked(Party& party, std::string_view method, std::string_view from_tag,
                std::string_view to_tag, std::uint32_t sequence, std::string_view extra = {}) {
    std::string text{method};
    text.append(" sip:x@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:7;branch=z9hG4bKby_hand")
        .append(std::to_string(++written_))
        .append("\r\nFrom: <sip:y@127.0.0.1>")
        .append(from_tag.empty() ? "" : ";tag=")
        .append(from_tag)
        .append("\r\nTo: <sip:x@127.0.0.1>")
        .append(to_tag.empty() ? "" : ";tag=")
        .append(to_tag)
        .append("\r\nCall-ID: c1\r\nMax-Forwards: 70\r\nCSeq: ")
        .append(std::to_string(sequence) + " ")
        .append(method)
        .append("\r\nContact: <sip:y@127.0.0.1:7>\r\n")
        .append(extra)
        .append("Content-Length: 0\r\n\r\n");
    hears(party, text);
  }
  static bool sent_last(const Party& party, std::string_view begin) {
    return !party.sent.empty() && party.sent.back().starts_with(begin);
  }
  void nothing_is_left() {
    wait(24h);
    CHECK(alice.agent.counts() == AgentCounts{});
    CHECK(bob.agent.counts() == AgentCounts{});
  }

 private:
  int written_ = 0;
};

}  // namespace kith::ua::testing
