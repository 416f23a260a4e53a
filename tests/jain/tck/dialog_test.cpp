// DialogTest, DialogStateMachineTest.

#include "tests/jain/tck/net.h"

namespace kith::ua::tck {
namespace {

struct Ringing : Call {
  explicit Ringing(Transport transport) : Call(transport) {
    invite = ask();
    answer(180);
    id = alices();
  }
  TransactionId invite;
  DialogId id;
};

TEST_CASE("DialogTest.testDialogProperties: who speaks with whom, and by which numbers") {
  over_both([](Transport transport) {
    const Ringing call(transport);
    const dialog::Dialog& dialog = call.dialog_of(call.alice, call.id);
    CHECK(dialog.call_id() == "c1");
    CHECK(dialog.local_party() == "<sip:alice@a.example>;tag=a1");
    CHECK(dialog.local_sequence() == 1);
    CHECK(dialog.local_tag() == "a1");
    CHECK(dialog.remote_party() == call.alice.last<Response>().message.text("To"));
    CHECK(dialog.remote_party().starts_with("<sip:bob@b.example>;tag="));
    CHECK(dialog.remote_tag() == *call.alice.last<Response>().message.require<sip::To>()->tag());
    CHECK(dialog.role() == dialog::Role::caller);
    CHECK_FALSE(dialog.remote_sequence());
    CHECK_FALSE(dialog.secure());
  });
}

TEST_CASE("DialogTest.testCreateRequest: a BYE has all of the dialog, and ends an early one") {
  over_both([](Transport transport) {
    Ringing call(transport);
    const dialog::Dialog dialog = call.dialog_of(call.alice, call.id);
    REQUIRE(call.within(call.alice, call.id, "BYE"));
    const Request bye = call.bob.last<Request>();
    CHECK(bye.message.method() == "BYE");
    CHECK(bye.message.text("CSeq") == "2 BYE");
    CHECK(bye.message.text("From") == dialog.local_party());
    CHECK(bye.message.text("To") == dialog.remote_party());
    CHECK(bye.dialog);
    call.answer(200);
    CHECK(call.alice.last<Response>().dialog == call.id);
    CHECK(call.alice.last<DialogEnded>().id == call.id);
  });
}

TEST_CASE("DialogTest.testSendAck: the ACK for a 2xx has a branch of its own") {
  over_both([](Transport transport) {
    Ringing call(transport);
    CHECK(call.alice.agent.ack(call.id, call.net.now).error() == Error{Fault::missing, "dialog"});
    call.answer(200);
    CHECK(call.dialog_of(call.alice, call.id).state() == dialog::State::confirmed);
    call.acknowledge();
    const sip::Message& ack = call.bob.last<Ack>().message;
    CHECK(branch_of(ack) != branch_of(call.alice.sent.front()));
    CHECK(ack.text("CSeq") == "1 ACK");
    CHECK(call.alice.agent.ack(call.id, call.net.now).error() == Error{Fault::duplicate, "ACK"});
  });
}

TEST_CASE("DialogTest.testSendAckPresetBranch: also where the INVITE came with a Via of its own") {
  Call call;
  call.ask({.extra = "Via: SIP/2.0/UDP a.example;branch=z9hG4bKpreset\r\n"});
  call.answer(200);
  call.acknowledge();
  const sip::Message& ack = call.bob.last<Ack>().message;
  CHECK(branch_of(ack) != "z9hG4bKpreset");
  CHECK(branch_of(ack) != branch_of(call.alice.sent.front()));
}

TEST_CASE("DialogTest.testSendRequest: a second INVITE arrives in the dialog") {
  over_both([](Transport transport) {
    Ringing call(transport);
    call.answer(200);
    call.acknowledge();
    REQUIRE(call.within(call.alice, call.id, "INVITE"));
    CHECK(call.bob.last<Request>().message.text("CSeq") == "2 INVITE");
    CHECK(call.bob.last<Request>().dialog == call.bobs());
  });
}

TEST_CASE("DialogStateMachineTest.client: none, early, confirmed, terminated") {
  over_both([](Transport transport) {
    Call call(transport);
    call.ask();
    CHECK(call.alice.agent.counts().dialogs == 0);
    call.answer(100);
    CHECK_FALSE(call.alice.last<Response>().dialog);
    call.answer(180);
    const DialogId id = call.alices();
    CHECK(call.dialog_of(call.alice, id).state() == dialog::State::early);
    call.answer(200);
    CHECK(call.alices() == id);
    CHECK(call.dialog_of(call.alice, id).state() == dialog::State::confirmed);
    call.acknowledge();
    call.hang_up(call.alice, id);
    CHECK(call.alice.last<DialogEnded>().dialog.state() == dialog::State::terminated);
    CHECK(call.alice.agent.dialog(id) == nullptr);
  });
}

TEST_CASE("DialogStateMachineTest.server: none, early, confirmed, terminated") {
  over_both([](Transport transport) {
    Call call(transport);
    call.ask();
    const Request invite = call.bob.last<Request>();
    CHECK(call.bob.agent.counts().dialogs == 0);
    call.answer(180);
    CHECK(call.bob.agent.counts().dialogs == 1);
    call.answer(200);
    call.acknowledge();
    const DialogId id = call.bobs();
    CHECK(call.dialog_of(call.bob, id).state() == dialog::State::confirmed);
    call.net.wait(33s);
    CHECK(call.bob.last<TransactionEnded>().transaction == invite.transaction);
    CHECK(call.bob.last<TransactionEnded>().dialog == id);
    call.hang_up(call.alice, call.alices());
    CHECK(call.bob.last<DialogEnded>().dialog.state() == dialog::State::terminated);
  });
}

}  // namespace
}  // namespace kith::ua::tck
