// What comes later than what it was for.

#include <doctest/doctest.h>

#include <optional>
#include <utility>

#include "kith/ua/testing/two_parties.h"

namespace kith::ua {
namespace {

struct Call : testing::TwoParties {
  Call() { ask("INVITE", "Supported: 100rel\r\n"); }
  sip::Message answer(int status) const { return response_to(bob.last<Request>(), status); }
  TransactionId invite() const { return bob.all<Request>().front().transaction; }
  int last_status() const { return alice.last<Response>().message.status(); }
};

TEST_CASE("RFC 3262 §3: a PRACK that a final response overtook is not refused, but only once") {
  Call call;
  REQUIRE(call.bob.agent.respond_reliably(call.invite(), call.answer(183), call.now));
  REQUIRE(call.bob.agent.respond(call.invite(), call.answer(200), call.now));
  call.settle();
  const Response ringing = call.alice.all<Response>().front();
  REQUIRE(ringing.message.status() == 183);
  REQUIRE(call.alice.agent.ack(*ringing.dialog, call.now));
  REQUIRE(call.alice.agent.prack(*ringing.dialog, ringing.message, call.now));
  call.settle();
  const Request prack = call.bob.last<Request>();
  REQUIRE(prack.message.method() == "PRACK");
  REQUIRE(call.bob.agent.respond(prack.transaction, sip::Message::response(prack.message, 200),
                                 call.now));
  call.settle();
  CHECK(call.last_status() == 200);

  std::optional<sip::Message> again = call.alice.agent.draft(*ringing.dialog, "PRACK");
  REQUIRE(again);
  again->add("RAck", prack.message.text("RAck"));
  REQUIRE(call.alice.agent.send(*ringing.dialog, *std::move(again), call.now));
  call.settle();
  CHECK(call.last_status() == 481);
}

TEST_CASE("RFC 3261 §12.1: the answer to a PRACK leaves the dialog early, with its timer") {
  Call call;
  REQUIRE(call.bob.agent.respond_reliably(call.invite(), call.answer(183), call.now));
  call.settle();
  const Response ringing = call.alice.last<Response>();
  REQUIRE(call.alice.agent.prack(*ringing.dialog, ringing.message, call.now));
  call.settle();
  const Request prack = call.bob.last<Request>();
  REQUIRE(prack.message.method() == "PRACK");
  REQUIRE(call.bob.agent.respond(prack.transaction, sip::Message::response(prack.message, 200),
                                 call.now));
  call.alice.loses = [](std::string_view) { return true; };
  call.wait(1h);
  REQUIRE(call.bob.all<DialogEnded>().size() == 1);
  CHECK(call.bob.last<DialogEnded>().why == DialogEnding::early_timeout);
}

TEST_CASE("RFC 3261 §12.2.1.2: a call that a request found gone is hung up all the same") {
  for (const int status : {481, 408}) {
    Call call;
    REQUIRE(call.bob.agent.respond(call.invite(), call.answer(200), call.now));
    call.settle();
    const DialogId id = *call.alice.last<Response>().dialog;
    REQUIRE(call.alice.agent.ack(id, call.now));
    std::optional<sip::Message> info = call.alice.agent.draft(id, "INFO");
    REQUIRE(info);
    REQUIRE(call.alice.agent.send(id, *std::move(info), call.now));
    call.settle();
    REQUIRE(call.bob.agent.respond(call.bob.last<Request>().transaction, call.answer(status),
                                   call.now));
    call.settle();
    CHECK(call.alice.last<DialogEnded>().why == DialogEnding::gone);
    const Request bye = call.bob.last<Request>();
    REQUIRE(bye.message.method() == "BYE");
    REQUIRE(call.bob.agent.respond(bye.transaction, sip::Message::response(bye.message, 200),
                                   call.now));
    CHECK(call.bob.last<Request>().dialog.has_value());
    call.nothing_is_left();
  }
}

}  // namespace
}  // namespace kith::ua
