// What may not be answered, and leaves its request waiting.

#include <doctest/doctest.h>

#include <string>

#include "kith/ua/testing/two_parties.h"

namespace kith::ua {
namespace {

using testing::TwoParties;

/// Bob has an INVITE, and has answered what the test says.
struct Asked : TwoParties {
  Asked() {
    ask("INVITE", "Supported: 100rel\r\n");
    invite = bob.last<Request>();
  }
  Result<void> respond(sip::Message response) {
    const Result<void> sent = bob.agent.respond(invite.transaction, std::move(response), now);
    settle();
    return sent;
  }
  void ring_reliably(std::string_view body) {
    sip::Message response = response_to(invite, 183);
    response.set_body("application/sdp", body);
    REQUIRE(bob.agent.respond_reliably(invite.transaction, std::move(response), now));
    settle();
  }
  void prack() {
    const Response heard = alice.last<Response>();
    REQUIRE(alice.agent.prack(*heard.dialog, heard.message, now));
    settle();
  }
  Request invite{};
};

TEST_CASE("RFC 3261 §13.3.1.4: a 2xx to INVITE without a Contact is not sent, others may go so") {
  for (const int status : {180, 200, 202, 486}) {
    CAPTURE(status);
    Asked line;
    const std::size_t sent = line.bob.sent.size();
    const Result<void> responded =
        line.respond(sip::Message::response(line.invite.message, status));
    CHECK(responded.has_value() == (status / 100 != 2));
    if (responded) continue;
    CHECK(responded.error() == Error{Fault::missing, "Contact"});
    CHECK(line.bob.sent.size() == sent);
    CHECK(line.alice.all<Response>().empty());
    CHECK(line.bob.agent.counts().dialogs == 0);
    CHECK(line.respond(TwoParties::response_to(line.invite, status)));
    CHECK(status_of_last(line.alice) == status);
  }
}

TEST_CASE("RFC 3262 §3: a 2xx waits for the PRACK of an offer that was sent reliably") {
  Asked line;
  line.ring_reliably("offer");
  const sip::Message accepted = TwoParties::response_to(line.invite, 200);
  const std::size_t sent = line.bob.sent.size();
  CHECK(line.respond(accepted).error() == Error{Fault::missing, "RSeq"});
  CHECK(line.bob.sent.size() == sent);
  line.prack();
  CHECK(line.respond(accepted));
  CHECK(status_of_last(line.alice) == 200);
  CHECK(line.alice.agent.dialog(line.alices())->state() == dialog::State::confirmed);
}

TEST_CASE("RFC 3262 §3: what was sent reliably without a body keeps no 2xx, and no refusal waits") {
  Asked without;
  without.ring_reliably("");
  CHECK(without.respond(TwoParties::response_to(without.invite, 200)));
  CHECK(status_of_last(without.alice) == 200);

  Asked refusing;
  refusing.ring_reliably("offer");
  CHECK(refusing.respond(TwoParties::response_to(refusing.invite, 486)));
  CHECK(status_of_last(refusing.alice) == 486);
}

TEST_CASE("RFC 3261 §8.2.6.2: what does not answer the request is not sent") {
  struct Row {
    std::string_view header, value;
  };
  for (const Row& row : {Row{"CSeq", "2 INVITE"}, Row{"CSeq", "1 UPDATE"}, Row{"Call-ID", "C1"}}) {
    CAPTURE(row.value);
    Asked line;
    sip::Message response = TwoParties::response_to(line.invite, 486);
    response.set(row.header, row.value);
    CHECK(line.respond(std::move(response)).error() == Error{Fault::malformed, "CSeq"});
    CHECK(line.respond(line.invite.message).error() == Error{Fault::malformed, "CSeq"});
    CHECK(line.alice.all<Response>().empty());
  }
}

TEST_CASE("RFC 3261 §8.2.6: a request has one final answer") {
  Asked line;
  CHECK(line.respond(TwoParties::response_to(line.invite, 486)));
  CHECK(line.respond(TwoParties::response_to(line.invite, 200)).error() ==
        Error{Fault::missing, "transaction"});
  CHECK(line.bob.agent.respond({77}, TwoParties::response_to(line.invite, 200), line.now).error() ==
        Error{Fault::missing, "transaction"});
}

}  // namespace
}  // namespace kith::ua
