#include "kith/ua/user_agent.h"

#include <doctest/doctest.h>

#include <string>

#include "kith/ua/testing/call.h"

namespace kith::ua {
namespace {

using testing::Call;

TEST_CASE("RFC 3261 §12.1: a call makes a dialog on both sides, and BYE ends it") {
  Call call;
  call.invite();
  CHECK(call.bob.last<Request>().dialog == std::nullopt);
  call.answer(180);
  const DialogId id = call.alices();
  CHECK(call.alice.agent.dialog(id)->state() == dialog::State::early);
  call.answer(200);
  CHECK(call.alices() == id);
  CHECK(call.alice.agent.dialog(id)->state() == dialog::State::confirmed);
  CHECK(call.alice.agent.dialog(id)->local_sequence() == 1);
  CHECK(call.alice.agent.dialog(id)->local_tag() == "a1");
  call.acknowledge();
  CHECK(call.bob.last<Ack>().message.request_uri() == "sip:bob@127.0.0.1:6050");
  CHECK(call.bob.agent.dialog(call.bobs())->role() == dialog::Role::callee);

  REQUIRE(call.send(call.bob, call.bobs(), "BYE"));
  CHECK(call.alice.last<Request>().dialog == id);
  REQUIRE(call.alice.agent.respond(call.alice.last<Request>().transaction,
                                   sip::Message::response(call.alice.last<Request>().message, 200),
                                   call.now));
  call.settle();
  CHECK(call.alice.last<DialogEnded>().why == DialogEnding::bye);
  CHECK(call.bob.last<DialogEnded>().why == DialogEnding::bye);
  call.nothing_is_left();
}

TEST_CASE("RFC 3261 §13.3.1.4: a 2xx is sent again until its ACK comes, and each has an ACK") {
  Call call;
  call.invite();
  call.answer(200);
  call.alice.loses = [lost = 0](std::string_view bytes) mutable {
    return bytes.starts_with("ACK") && ++lost <= 4;
  };
  call.acknowledge();
  call.wait(20s);
  CHECK(call.bob.sent_of("SIP/2.0 200") == 5);
  CHECK(call.alice.sent_of("ACK") == 5);
  CHECK(call.bob.all<Ack>().size() == 1);
  CHECK(call.alice.all<Response>().size() == 1);
}

TEST_CASE("RFC 3261 §13.3.1.4: without an ACK the callee hangs up") {
  Call call;
  call.invite();
  call.answer(200);
  call.alice.loses = [](std::string_view bytes) { return bytes.starts_with("ACK"); };
  call.acknowledge();
  call.wait(40s);
  CHECK(call.bob.last<DialogEnded>().why == DialogEnding::ack_never_came);
  CHECK(call.bob.sent_of("BYE") >= 1);
  CHECK(call.alice.last<Request>().message.method() == "BYE");
}

TEST_CASE("RFC 3261 §13.2.2.4: a 2xx whose ACK is never sent ends the dialog") {
  Call call;
  call.invite();
  call.answer(200);
  CHECK_FALSE(call.alice.last<Response>().repeated);
  call.wait(1s);
  CHECK(call.alice.last<Response>().repeated);
  call.wait(40s);
  CHECK(call.alice.last<DialogEnded>().why == DialogEnding::ack_never_sent);
  CHECK(call.bob.last<DialogEnded>().why == DialogEnding::ack_never_came);
  call.nothing_is_left();
}

TEST_CASE("RFC 3261 §12.3: a final response of 300 to 699 ends the early dialog") {
  for (const int status : {302, 401, 486, 600}) {
    CAPTURE(status);
    Call call;
    call.invite();
    call.answer(180);
    call.answer(status);
    CHECK(call.alice.last<DialogEnded>().why == DialogEnding::refused);
    CHECK(call.bob.last<DialogEnded>().why == DialogEnding::refused);
    call.nothing_is_left();
  }
}

TEST_CASE("RFC 3261 §9.2: a cancelled INVITE is answered 487") {
  Call call;
  const TransactionId invite = call.invite();
  call.answer(180);
  CHECK(call.alice.agent.cancel(invite, call.now));
  call.settle();
  CHECK(call.bob.last<Cancelled>().dialog.has_value());
  CHECK(status_of_last(call.alice) == 487);
  CHECK(call.alice.last<DialogEnded>().why == DialogEnding::refused);
  call.nothing_is_left();
}

TEST_CASE("RFC 3261 §13.2.2.4: each fork that answers is a dialog of its own, with its own ACK") {
  Call call;
  call.invite();
  const std::string invite = call.alice.sent.front();
  const auto fork = [&](int status, std::string_view tag) {
    sip::Message response = sip::Message::response(*sip::Message::parse(invite), status);
    response.set_to_tag(tag);
    response.add("Contact", "<sip:" + std::string{tag} + "@127.0.0.1>");
    call.alice.agent.receive(call.alice.flow, response.write(), call.now);
    call.settle();
    return call.alice.last<Response>();
  };
  const Response ringing_one = fork(180, "one");
  const Response ringing_two = fork(180, "two");
  const Response ringing_three = fork(180, "three");
  CHECK_FALSE(ringing_one.forked);
  CHECK(ringing_two.forked);
  CHECK(ringing_one.dialog != ringing_two.dialog);
  const Response two = fork(200, "two");
  CHECK(two.dialog == ringing_two.dialog);
  REQUIRE(call.alice.agent.ack(*two.dialog, call.now));
  const Response one = fork(200, "one");
  CHECK(one.dialog == ringing_one.dialog);
  REQUIRE(call.alice.agent.ack(*one.dialog, call.now));
  call.settle();
  CHECK(call.alice.sent_of("ACK sip:one@127.0.0.1") == 1);
  CHECK(call.alice.sent_of("ACK sip:two@127.0.0.1") == 1);
  call.wait(33s);
  CHECK(call.alice.last<DialogEnded>().id == *ringing_three.dialog);
  CHECK(call.alice.last<DialogEnded>().why == DialogEnding::not_answered);
  CHECK(call.alice.agent.counts().dialogs == 2);
}

TEST_CASE("an early dialog without progress ends") {
  Call call;
  call.invite();
  call.answer(180);
  call.wait(170s);
  CHECK(call.alice.all<DialogEnded>().empty());
  call.wait(11s);
  CHECK(call.alice.last<DialogEnded>().why == DialogEnding::early_timeout);
}

TEST_CASE("RFC 3262 §3: a reliable provisional response is sent again until its PRACK comes") {
  Call call;
  call.invite("Supported: 100rel\r\n");
  const Request invite = call.bob.last<Request>();
  REQUIRE(call.bob.agent.respond_reliably(invite.transaction, Call::response_to(invite, 183),
                                          call.now));
  call.settle();
  call.wait(2s);
  CHECK(call.bob.sent_of("SIP/2.0 183") == 3);
  CHECK(
      call.bob.agent.respond_reliably(invite.transaction, Call::response_to(invite, 183), call.now)
          .error() == Error{Fault::duplicate, "RSeq"});
  const Response ringing = call.alice.last<Response>();
  CHECK(sip::lists<sip::Require>(ringing.message, "100rel"));
  REQUIRE(call.alice.agent.prack(*ringing.dialog, ringing.message, call.now));
  call.settle();
  CHECK(call.bob.last<Request>().message.text("RAck") == "1 1 INVITE");
  call.answer(200);
  call.wait(60s);
  CHECK(call.bob.sent_of("SIP/2.0 183") == 3);
  CHECK(call.alice.agent.prack(*ringing.dialog, ringing.message, call.now).error() ==
        Error{Fault::missing, "RSeq"});
}

TEST_CASE("RFC 3262 §3: without PRACK the layer above hears of it after 64 * T1") {
  Call call;
  call.invite("Require: 100rel\r\n");
  const Request invite = call.bob.last<Request>();
  REQUIRE(call.bob.agent.respond_reliably(invite.transaction, Call::response_to(invite, 183),
                                          call.now));
  call.settle();
  call.wait(33s);
  CHECK(call.bob.last<NotAcknowledged>().invite == invite.transaction);
  REQUIRE(call.bob.agent.respond(invite.transaction, Call::response_to(invite, 504), call.now));
  call.settle();
  CHECK(status_of_last(call.alice) == 504);
}

TEST_CASE("RFC 3262 §3: only an INVITE that supports it is answered reliably") {
  Call call;
  call.invite();
  const Request invite = call.bob.last<Request>();
  CHECK(
      call.bob.agent.respond_reliably(invite.transaction, Call::response_to(invite, 183), call.now)
          .error() == Error{Fault::missing, "Supported"});
}

TEST_CASE("RFC 3261 §12.2.1.2: a target refresh says anew where the peer is") {
  Call call;
  call.establish();
  REQUIRE(call.send(call.alice, call.alices(), "INVITE"));
  CHECK(call.bob.agent.dialog(call.bobs())->remote_target() == "sip:alice@127.0.0.1");
  const Request invite = call.bob.last<Request>();
  REQUIRE(call.bob.agent.respond(
      invite.transaction, Call::response_to(invite, 200, {{"Contact", "<sip:moved@127.0.0.1>"}}),
      call.now));
  call.settle();
  CHECK(call.alice.agent.dialog(call.alices())->remote_target() == "sip:moved@127.0.0.1");
}

TEST_CASE("RFC 5057 §5.1: 481 and 408 end the dialog, other failures do not") {
  struct Case {
    int status;
    bool ends;
  };
  for (const Case& each : {Case{300, false}, Case{400, false}, Case{500, false}, Case{600, false},
                           Case{481, true}, Case{408, true}}) {
    CAPTURE(each.status);
    Call call;
    call.establish();
    const DialogId id = call.alices();
    REQUIRE(call.send(call.alice, id, "INFO"));
    call.answer(each.status);
    CHECK((call.alice.agent.dialog(id) == nullptr) == each.ends);
    if (each.ends) CHECK(call.alice.last<DialogEnded>().why == DialogEnding::gone);
  }
}

TEST_CASE("RFC 3261 §12.1: who answers finds the dialog by the request, and so does who asked") {
  Call call;
  const TransactionId invite = call.invite();
  const TransactionId answered = call.bob.last<Request>().transaction;
  CHECK_FALSE(call.alice.agent.dialog_of(invite));
  CHECK_FALSE(call.bob.agent.dialog_of(answered));
  call.answer(180);
  CHECK(call.alice.agent.dialog_of(invite) == call.alices());
  REQUIRE(call.bob.agent.dialog_of(answered));
  call.answer(200);
  call.acknowledge();
  CHECK(call.bob.agent.dialog_of(answered) == call.bobs());
  const TransactionId bye = *call.send(call.alice, call.alices(), "BYE");
  CHECK(call.alice.agent.dialog_of(bye) == call.alices());
  CHECK(call.bob.agent.dialog_of(call.bob.last<Request>().transaction) == call.bobs());
  call.answer(200);
  call.wait(24h);
  CHECK_FALSE(call.alice.agent.dialog_of(invite));
  CHECK_FALSE(call.bob.agent.dialog_of(answered));
}

TEST_CASE("DialogPolicy::manual: dialogs begin where they are asked for, and not too late") {
  Call call({.dialogs = DialogPolicy::manual}, {.dialogs = DialogPolicy::manual});
  const TransactionId invite = call.invite();
  REQUIRE(call.alice.agent.begin_dialog(invite));
  call.answer(180);
  CHECK(call.alice.last<Response>().dialog);
  CHECK(call.alice.agent.begin_dialog(invite).error() == Error{Fault::duplicate, "dialog"});
  CHECK(call.bob.agent.begin_dialog(call.bob.last<Request>().transaction).error() ==
        Error{Fault::duplicate, "dialog"});
  CHECK(call.bob.agent.counts().dialogs == 0);
}

TEST_CASE("RFC 4028 §10: a session that is not refreshed ends with BYE") {
  const UserAgentConfig config{.session_timer = dialog::SessionWish{.interval = 600s}};
  Call call(config, config);
  call.establish();
  CHECK(call.bob.all<Request>().front().message.text("Session-Expires") == "600");
  CHECK(call.alice.last<Response>().message.text("Session-Expires") == "600;refresher=uac");
  call.wait(301s);
  CHECK(call.alice.all<RefreshDue>().size() == 1);
  CHECK(call.bob.all<RefreshDue>().empty());
  REQUIRE(call.send(call.alice, call.alices(), "UPDATE"));
  call.answer(200);
  call.wait(566s);
  CHECK(call.alice.all<RefreshDue>().size() == 2);
  CHECK(call.bob.all<DialogEnded>().empty());
  call.wait(3s);
  CHECK(call.bob.last<DialogEnded>().why == DialogEnding::session_expired);
  CHECK(call.alice.last<Request>().message.method() == "BYE");
}

TEST_CASE("RFC 3891 §3: the dialog that Replaces names is found, and no other") {
  Call call;
  call.establish();
  const dialog::Dialog& dialog = *call.alice.agent.dialog(call.alices());
  const auto replaces = [](std::string_view text) {
    Scanner in(text, Mode::strict, "Replaces");
    return *sip::Replaces::parse(in);
  };
  const std::string tags = ";to-tag=a1;from-tag=" + dialog.remote_tag();
  CHECK(call.alice.agent.find(replaces("c1" + tags)) == call.alices());
  CHECK_FALSE(call.alice.agent.find(replaces("c1" + tags + ";early-only")));
  CHECK_FALSE(call.alice.agent.find(replaces("c2" + tags)));
  CHECK_FALSE(call.bob.agent.find(replaces("c1" + tags)));
}

TEST_CASE("RFC 3261 §22.1: the ACK for a 2xx carries the credentials of its INVITE") {
  Call call;
  call.invite("Proxy-Authorization: Digest username=\"a\", realm=\"r\"\r\n");
  call.answer(200);
  call.acknowledge();
  CHECK(call.bob.last<Ack>().message.text("Proxy-Authorization") ==
        "Digest username=\"a\", realm=\"r\"");
}

}  // namespace
}  // namespace kith::ua
