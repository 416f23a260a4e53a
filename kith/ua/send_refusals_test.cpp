// What may not be sent in a dialog, and leaves it as it was.

#include <doctest/doctest.h>

#include <string>

#include "kith/ua/testing/call.h"

namespace kith::ua {
namespace {

using testing::Call;
using testing::Party;

/// That a request is refused so, and nothing has come of it.
void refused(Call& call, Party& party, DialogId id, std::string_view method, const Error& error) {
  CAPTURE(method);
  const std::size_t sent = party.sent.size();
  const AgentCounts counts = party.agent.counts();
  const dialog::Dialog before = *party.agent.dialog(id);
  CHECK(call.send(party, id, method).error() == error);
  CHECK(party.sent.size() == sent);
  CHECK(party.agent.counts() == counts);
  REQUIRE(party.agent.dialog(id) != nullptr);
  CHECK(*party.agent.dialog(id) == before);
}

void use_tls(Call& call, DialogId id) {
  Flow secure = call.alice.flow;
  secure.transport = Transport::tls;
  call.alice.agent.opened(secure, call.now);
  call.alice.agent.use(id, secure);
}

TEST_CASE("RFC 3261 §12.2.1.1: ACK and CANCEL are not sent as requests of a dialog") {
  Call call;
  call.establish();
  for (const std::string_view method : {"ACK", "CANCEL"})
    refused(call, call.alice, call.alices(), method, {Fault::unsupported, "method"});
  const sip::Message response =
      sip::Message::response(*call.alice.agent.draft(call.alices(), "INFO"), 200);
  CHECK(call.alice.agent.send(call.alices(), response, call.now).error() ==
        Error{Fault::unsupported, "method"});
  REQUIRE(call.send(call.alice, call.alices(), "INFO"));
  CHECK(call.bob.last<Request>().message.text("CSeq") == "2 INFO");
}

TEST_CASE("RFC 3261 §15: who was called sends no BYE in an early dialog, who calls may") {
  Call call;
  call.invite();
  call.answer(180);
  const Request invite = call.bob.last<Request>();
  const DialogId bobs = *call.bob.agent.dialog_of(invite.transaction);
  refused(call, call.bob, bobs, "BYE", {Fault::forbidden, "BYE"});
  REQUIRE(call.send(call.bob, bobs, "UPDATE"));
  call.answer(call.alice, 200);
  REQUIRE(call.bob.agent.respond(invite.transaction, Call::response_to(invite, 200), call.now));
  call.settle();
  REQUIRE(call.send(call.bob, bobs, "BYE"));
  CHECK(call.alice.last<Request>().message.method() == "BYE");

  Call other;
  other.invite();
  other.answer(180);
  REQUIRE(other.send(other.alice, other.alices(), "BYE"));
  CHECK(other.bob.last<Request>().message.method() == "BYE");
}

TEST_CASE("RFC 3261 §15.1.1: after a BYE of ours nothing more is sent in its dialog") {
  Call call;
  call.establish();
  REQUIRE(call.send(call.alice, call.alices(), "BYE"));
  for (const std::string_view method : {"BYE", "INVITE", "INFO", "MESSAGE", "SUBSCRIBE"})
    refused(call, call.alice, call.alices(), method, {Fault::forbidden, "dialog"});
  // The other side has hung up nothing, and its answer is still to come.
  REQUIRE(call.send(call.bob, call.bobs(), "INFO"));

  Call kept;
  kept.establish();
  kept.alice.agent.keep_after_bye(kept.alices(), true);
  for (const std::string_view method : {"BYE", "INFO", "BYE"}) {
    CAPTURE(method);
    REQUIRE(kept.send(kept.alice, kept.alices(), method));
    CHECK(kept.bob.last<Request>().message.method() == method);
  }
}

TEST_CASE("RFC 5057 §4.1: after a BYE of ours subscriptions go on, and nothing of the session") {
  Call call;
  call.establish();
  const DialogId id = call.alices();
  const Call::Headers dialog = {{"Event", "dialog"}, {"Expires", "600"}};
  REQUIRE(call.send(call.alice, id, "SUBSCRIBE", dialog));
  call.answer(200, {{"Expires", "600"}});
  REQUIRE(call.send(call.alice, id, "BYE"));
  for (const std::string_view method : {"BYE", "INVITE", "UPDATE", "PRACK", "INFO"})
    refused(call, call.alice, id, method, {Fault::forbidden, "dialog"});
  call.answer(200);
  refused(call, call.alice, id, "BYE", {Fault::forbidden, "dialog"});
  REQUIRE(call.send(call.alice, id, "SUBSCRIBE", dialog));
  CHECK(call.bob.last<Request>().message.method() == "SUBSCRIBE");
}

TEST_CASE("RFC 3261 §26.2.2: what asks a sips URI does not leave over UDP") {
  Call call;
  call.invite();
  call.answer(200, {{"Contact", "<sips:bob@127.0.0.1:6050>"}});
  const DialogId id = call.alices();
  const std::size_t sent = call.alice.sent.size();
  const Error error{Fault::forbidden, "transport"};
  CHECK(call.alice.agent.ack(id, call.now).error() == error);
  CHECK(call.alice.agent.ack(id, call.now).error() == error);  // it is owed as before
  refused(call, call.alice, id, "INFO", error);
  CHECK(call.alice.sent.size() == sent);

  use_tls(call, id);
  REQUIRE(call.alice.agent.ack(id, call.now));
  call.settle();
  CHECK(call.alice.sent.back().starts_with("ACK sips:bob@127.0.0.1:6050 "));
  REQUIRE(call.send(call.alice, id, "INFO"));
}

// ---- PRACK --------------------------------------------------------------------------------------

/// Bob's phone rings reliably.
struct Ringing : Call {
  explicit Ringing(std::string_view contact = "<sip:bob@127.0.0.1:6050>") {
    invite("Supported: 100rel\r\n");
    const Request asked = bob.last<Request>();
    sip::Message response = response_to(asked, 183, {{"Contact", contact}});
    response.set_body("application/sdp", "offer");
    REQUIRE(bob.agent.respond_reliably(asked.transaction, std::move(response), now));
    settle();
    heard = alice.last<Response>();
    id = *heard.dialog;
  }
  Response heard{};
  DialogId id{};
};

TEST_CASE("RFC 3262 §5: a PRACK carries the answer to the offer that it acknowledges") {
  Ringing call;
  REQUIRE(call.alice.agent.prack(call.id, call.heard.message, call.now, "application/sdp", "yes"));
  call.settle();
  const sip::Message& prack = call.bob.last<Request>().message;
  CHECK(prack.text("RAck") == "1 1 INVITE");
  CHECK(prack.text("Content-Type") == "application/sdp");
  CHECK(prack.body() == "yes");

  Ringing without;
  REQUIRE(without.alice.agent.prack(without.id, without.heard.message, without.now));
  without.settle();
  CHECK(without.bob.last<Request>().message.body().empty());
  CHECK_FALSE(without.bob.last<Request>().message.has("Content-Type"));
}

TEST_CASE("RFC 3262 §4: a PRACK that could not be sent has acknowledged nothing") {
  Ringing call("<sips:bob@127.0.0.1:6050>");
  for (int i = 0; i < 2; ++i)
    CHECK(call.alice.agent.prack(call.id, call.heard.message, call.now).error() ==
          Error{Fault::forbidden, "transport"});
  use_tls(call, call.id);
  CHECK(call.alice.agent.prack(call.id, call.heard.message, call.now));
  CHECK(call.alice.agent.prack(call.id, call.heard.message, call.now).error() ==
        Error{Fault::missing, "RSeq"});
}

}  // namespace
}  // namespace kith::ua
