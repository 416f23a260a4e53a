// The behavioural tests of the reference implementation that are about dialogs.

#include "tests/jain/tck/net.h"

namespace kith::ua::tck {
namespace {

/// A response of Bob's to Alice's first request, as he did not write it.
std::string response_text(const Call& call, int status, std::string_view tag) {
  sip::Message response =
      sip::Message::response(*sip::Message::parse(call.alice.sent.front()), status);
  if (!tag.empty()) response.set_to_tag(tag);
  response.add("Contact", call.bob.contact());
  return response.write();
}

TEST_CASE("AckReTransmissionTest: each 200 that comes again has the ACK again") {
  over_both([](Transport transport) {
    Call call(transport);
    call.ask();
    call.answer(200);
    call.alice.loses = [lost = 0](std::string_view bytes) mutable {
      return bytes.starts_with("ACK") && ++lost <= 4;
    };
    call.acknowledge();
    call.net.wait(30s);
    CHECK(call.alice.sent_of("ACK") == 5);  // one by hand, four by themselves
    CHECK(call.bob.sent_of("SIP/2.0 200") == 5);
    CHECK(call.bob.all<Ack>().size() == 1);
  });
}

TEST_CASE("DeliverNotifyBefore202Test: a NOTIFY that overtakes the 202 is passed up") {
  over_both([](Transport transport) {
    Call call(transport);
    call.ask({.method = "SUBSCRIBE", .extra = "Event: presence\r\nExpires: 600\r\n"});
    const Request subscribe = call.bob.last<Request>();
    const auto held = hold_back(call.bob, "SIP/2.0 202");
    sip::Message granted = call.response_of(call.bob, subscribe, 202);
    granted.add("Expires", "600");
    granted.set_to_tag("b1");
    REQUIRE(call.bob.agent.respond(subscribe.transaction, granted, call.net.now));
    const DialogId bobs = Call::half_of(call.bob, "b1", "a1");
    sip::Message notify = *call.bob.agent.draft(bobs, "NOTIFY");
    notify.add("Event", "presence");
    notify.add("Subscription-State", "active;expires=600");
    notify.add("Contact", call.bob.contact());
    REQUIRE(call.bob.agent.send(bobs, notify, call.net.now));
    call.net.settle();
    CHECK(call.alice.all<Response>().empty());
    const std::optional<DialogId> alices = call.alice.last<Request>().dialog;
    REQUIRE(alices);
    CHECK(call.dialog_of(call.alice, *alices).remote_tag() == "b1");
    call.net.inject(call.bob, call.alice, *held);
    CHECK(call.alice.last_status() == 202);
    CHECK(call.alice.last<Response>().dialog == alices);
  });
}

TEST_CASE("DialogEarlyStateTimeoutTest: an early dialog without progress ends, then CANCEL") {
  over_both([](Transport transport) {
    UserAgentConfig config;
    config.early_timer = 60s;
    Call call(transport, config);
    const TransactionId invite = call.ask();
    call.answer(180);
    const DialogId id = call.alices();
    call.net.wait(61s);
    CHECK(call.alice.last<DialogEnded>().id == id);
    CHECK(call.alice.last<DialogEnded>().why == DialogEnding::early_timeout);
    CHECK(call.alice.all<TransactionEnded>().empty());
    REQUIRE(call.alice.agent.cancel(invite, call.net.now));
    call.net.settle();
    CHECK(call.bob.all<Cancelled>().size() == 1);
    CHECK(call.alice.last_status() == 487);
    call.net.nothing_is_left();
  });
}

TEST_CASE("DialogIdentityTest: 180 without tag, 180 with tag and 200 are of one dialog") {
  over_both([](Transport transport) {
    Call call(transport);
    call.ask();
    call.net.inject(call.bob, call.alice, response_text(call, 180, ""));
    CHECK_FALSE(call.alice.last<Response>().dialog);
    CHECK(call.alice.agent.counts().dialogs == 0);
    call.net.inject(call.bob, call.alice, response_text(call, 180, "b1"));
    const DialogId id = call.alices();
    call.net.inject(call.bob, call.alice, response_text(call, 200, "b1"));
    CHECK(call.alices() == id);
    CHECK_FALSE(call.alice.last<Response>().forked);
    CHECK(call.alice.agent.counts().dialogs == 1);
  });
}

TEST_CASE("LooseDialogValidationTest: without dialogs no order is kept, and every ACK is seen") {
  over_both([](Transport transport) {
    UserAgentConfig config{.dialogs = DialogPolicy::manual};
    config.answers.no_dialog = false;
    Call call(transport, {}, config);
    call.ask();
    call.answer(200);
    call.acknowledge();
    for (int i = 0; i < 4; ++i) call.net.inject(call.alice, call.bob, call.alice.sent.back());
    CHECK(call.bob.all<Ack>().size() == 5);
    REQUIRE(call.within(call.alice, call.alices(), "INFO"));
    const std::string info = call.alice.sent.back();
    call.net.inject(call.alice, call.bob,
                    with(with(info, "CSeq: 2", "CSeq: 1"), "branch=z9hG4bK", "branch=z9hG4bKx"));
    CHECK(call.bob.request_count("INFO") == 2);
  });
}

TEST_CASE("NoAutoDialogTest: a dialog that was asked for ends with the cancelled INVITE") {
  over_both([](Transport transport) {
    const UserAgentConfig config{.dialogs = DialogPolicy::manual};
    Call call(transport, config, config);
    const TransactionId invite = call.ask();
    REQUIRE(call.alice.agent.begin_dialog(invite));
    REQUIRE(call.bob.agent.begin_dialog(call.bob.last<Request>().transaction));
    call.answer(180);
    CHECK(call.alice.last<Response>().dialog);
    REQUIRE(call.alice.agent.cancel(invite, call.net.now));
    call.net.settle();
    CHECK(call.bob.sent_of("SIP/2.0 200") == 1);
    for (const Node* const node : {&call.alice, &call.bob})
      CHECK(node->last<DialogEnded>().why == DialogEnding::refused);
    call.net.wait(60s);
    for (const Node* const node : {&call.alice, &call.bob})
      CHECK_FALSE(node->all<TransactionEnded>().empty());
  });
}

TEST_CASE("NoToTagOn1xxDialogLeakTest: 1xx without To tag, then a final response: no dialog") {
  over_both([](Transport transport) {
    for (const int status : {200, 486}) {
      CAPTURE(status);
      Call call(transport);
      call.ask();
      call.net.inject(call.bob, call.alice, response_text(call, 180, ""));
      call.answer(status);
      if (status == 200) {
        call.acknowledge();
        call.hang_up(call.alice, call.alices());
      }
      CHECK(call.alice.agent.counts().dialogs == 0);
      CHECK(call.bob.agent.counts().dialogs == 0);
      call.net.nothing_is_left();
    }
  });
}

TEST_CASE("NonRfc3261ForkedInviteTest: forks that ring without tag are told apart by their 200") {
  over_both([](Transport transport) {
    Call call(transport);
    call.ask();
    call.net.inject(call.bob, call.alice, response_text(call, 180, ""));
    call.net.inject(call.bob, call.alice, response_text(call, 180, ""));
    for (const std::string_view tag : {"b1", "b2"}) {
      call.net.inject(call.bob, call.alice, response_text(call, 200, tag));
      CHECK(call.dialog_of(call.alice, call.alices()).remote_tag() == tag);
      call.acknowledge();
    }
    CHECK(call.alice.agent.counts().dialogs == 2);
    CHECK(call.alice.sent_of("ACK") == 2);
  });
}

TEST_CASE("ReInviteBusyTest: a second INVITE that is refused leaves the dialog as it is") {
  over_both([](Transport transport) {
    Call call(transport);
    call.establish();
    const DialogId id = call.alices();
    REQUIRE(call.within(call.alice, id, "INVITE"));
    call.net.wait(210ms);
    CHECK(call.alice.last_status() == 100);
    CHECK(call.alice.last<Response>().message.require<sip::To>()->tag());
    call.answer(486);
    CHECK(call.dialog_of(call.alice, id).state() == dialog::State::confirmed);
    CHECK(call.dialog_of(call.bob, call.bobs()).state() == dialog::State::confirmed);
    CHECK(call.alice.all<DialogEnded>().empty());
    REQUIRE(call.within(call.alice, id, "INVITE"));
    call.answer(200);
    CHECK(call.alice.last_status() == 200);
    call.acknowledge();
    call.hang_up(call.alice, id);
  });
}

TEST_CASE(
    "ReInviteInfoAckOverlapTest: an INFO before the ACK of a second INVITE disturbs neither") {
  over_both([](Transport transport) {
    Call call(transport);
    call.establish();
    const DialogId id = call.alices();
    REQUIRE(call.within(call.alice, id, "INVITE"));
    call.answer(200);
    REQUIRE(call.within(call.alice, id, "INFO"));
    call.answer(200);
    REQUIRE(call.alice.agent.ack(id, call.net.now));
    call.net.settle();
    CHECK(call.bob.all<Ack>().size() == 2);
    CHECK(call.bob.last<Ack>().message.text("CSeq") == "2 ACK");
    CHECK_FALSE(call.bob.last<Ack>().repeated);
    call.hang_up(call.alice, id);
  });
}

TEST_CASE("RejectOutOfSequenceMessageTest: a CSeq that is too low has its 500, the next its 200") {
  over_both([](Transport transport) {
    Call call(transport);
    call.establish();
    const DialogId id = call.alices();
    const auto message = [&](std::uint32_t sequence) {
      sip::Message request = *call.alice.agent.draft(id, "MESSAGE");
      request.set("CSeq", std::to_string(sequence) + " MESSAGE");
      call.alice.agent.request(call.net.flow(call.alice, call.bob), request, call.net.now);
      call.net.settle();
    };
    message(8);
    call.answer(200);
    CHECK(call.alice.last<Response>().message.text("CSeq") == "8 MESSAGE");
    message(7);
    CHECK(call.alice.last_status() == 500);
    CHECK(call.alice.last<Response>().message.text("CSeq") == "7 MESSAGE");
    CHECK(call.bob.request_count("MESSAGE") == 1);
    CHECK(call.bob.all<DialogEnded>().empty());
  });
}

TEST_CASE(
    "TcpMultiThreadDeadlockTest, TcpSingleThreadDeadlockTest: a thousand requests in a dialog "
    "come in order") {
  Call call(Transport::tcp);
  call.establish();
  for (int i = 0; i < 1000; ++i) {
    sip::Message request = *call.alice.agent.draft(call.alices(), "MESSAGE");
    REQUIRE(call.alice.agent.send(call.alices(), std::move(request), call.net.now));
  }
  call.net.settle();
  std::uint32_t last = 1;
  for (const Request& each : call.bob.all<Request>()) {
    if (each.message.method() != "MESSAGE") continue;
    const std::uint32_t sequence = each.message.require<sip::CSeq>()->sequence;
    CHECK(sequence == last + 1);
    last = sequence;
    REQUIRE(call.bob.agent.respond(each.transaction, call.response_of(call.bob, each, 200),
                                   call.net.now));
  }
  call.net.settle();
  CHECK(last == 1001);
  CHECK(call.alice.response_count(200) == 1001);
}

}  // namespace
}  // namespace kith::ua::tck
