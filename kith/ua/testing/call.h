#pragma once

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "kith/sip/headers.h"
#include "kith/ua/testing/line.h"

namespace kith::ua::testing {

inline sip::Message answer_to(const Request& request, int status,
                              std::string_view contact = "sip:bob@127.0.0.1:6050") {
  sip::Message response = sip::Message::response(request.message, status);
  if (!contact.empty()) response.add("Contact", "<" + std::string{contact} + ">");
  return response;
}

/// Alice calls bob.
struct Call : Line {
  using Line::Line;

  TransactionId invite(std::string_view extra = {}) {
    const TransactionId id = alice.agent.request(alice.flow, to_bob("INVITE", extra), now);
    settle();
    return id;
  }
  void answer(int status) {
    const Request request = bob.last<Request>();
    REQUIRE(bob.agent.respond(request.transaction, answer_to(request, status), now));
    settle();
  }
  DialogId alices() const { return *alice.last<Response>().dialog; }
  DialogId bobs() const { return *bob.last<Ack>().dialog; }
  void acknowledge() {
    REQUIRE(alice.agent.ack(alices(), now));
    settle();
  }
  void establish() {
    invite();
    answer(180);
    answer(200);
    acknowledge();
  }
  Result<TransactionId> send(Party& party, DialogId dialog, std::string_view method) {
    std::optional<sip::Message> draft = party.agent.draft(dialog, method);
    REQUIRE(draft);
    draft->add("Contact", "<sip:" + party.name + "@127.0.0.1>");
    const Result<TransactionId> id = party.agent.send(dialog, *std::move(draft), now);
    settle();
    return id;
  }
  void nothing_is_left() {
    wait(24h);
    CHECK(alice.agent.counts() == AgentCounts{});
    CHECK(bob.agent.counts() == AgentCounts{});
  }
};

inline int status_of_last(const Party& party) { return party.last<Response>().message.status(); }

}  // namespace kith::ua::testing
