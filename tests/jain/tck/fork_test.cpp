// The scenario packages of the reference implementation in which one INVITE has several answers.

#include "tests/jain/tck/net.h"

namespace kith::ua::tck {
namespace {

/// Alice calls whom a proxy rings at Bob's and at Carol's.
struct Forked : Call {
  explicit Forked(Transport transport, const UserAgentConfig& of_alice = {},
                  const UserAgentConfig& of_bob = {})
      : Call(transport, of_alice, of_bob), proxy(net, false), carol(net.add("carol")) {
    proxy.targets = {&bob, &carol};
  }
  Proxy proxy;
  Node& carol;
  TransactionId invite{};

  void ask_both() {
    invite = alice.agent.request(net.flow(alice, proxy.node),
                                 request_of(alice, bob, {.uri = "sip:bob@b.example"}), net.now);
    net.settle();
  }
  DialogId ring(Node& node) {
    answer(node, 180);
    CHECK(alice.last<Response>().transaction == invite);
    CHECK(dialog_of(alice, alices()).state() == dialog::State::early);
    return alices();
  }
  DialogId pick_up(Node& node) {
    answer(node, 200);
    CHECK(alice.last<Response>().transaction == invite);
    CHECK(dialog_of(alice, alices()).state() == dialog::State::confirmed);
    acknowledge();
    return alices();
  }
};

/// Both ring and both answer; the second to do either is a fork.
void both_answer(Forked& call, bool second_first) {
  Node& early = second_first ? call.carol : call.bob;
  Node& late = second_first ? call.bob : call.carol;
  const DialogId bobs = call.ring(call.bob);
  CHECK_FALSE(call.alice.last<Response>().forked);
  const DialogId carols = call.ring(call.carol);
  CHECK(call.alice.last<Response>().forked);
  CHECK(bobs != carols);
  CHECK(call.pick_up(early) == (second_first ? carols : bobs));
  CHECK(call.pick_up(late) == (second_first ? bobs : carols));
  CHECK(call.alice.sent_of("ACK") == 2);
  CHECK(call.bob.all<Ack>().size() == 1);
  CHECK(call.carol.all<Ack>().size() == 1);
  call.net.wait(60s);
  CHECK(call.alice.all<DialogEnded>().empty());
  REQUIRE(call.within(call.alice, carols, "BYE"));
  call.answer(call.carol, 200);
  CHECK(call.alice.all<DialogEnded>().size() == 1);
  CHECK(call.alice.last<DialogEnded>().id == carols);
  CHECK(call.alice.agent.counts().dialogs == 1);
}

TEST_CASE("forkedinvite.automatic: each fork has a dialog and an ACK of its own") {
  over_both([](Transport transport) {
    Forked call(transport);
    call.ask_both();
    both_answer(call, false);
  });
}
TEST_CASE("forkedinvite.manual: the same where the dialog was asked for") {
  over_both([](Transport transport) {
    Forked call(transport, manual());
    call.ask_both();
    REQUIRE(call.alice.agent.begin_dialog(call.invite));
    both_answer(call, false);
  });
}
TEST_CASE("forkedinvite.secondAnswersFirst: and where the second fork answers first") {
  over_both([](Transport transport) {
    Forked call(transport, manual());
    call.ask_both();
    REQUIRE(call.alice.agent.begin_dialog(call.invite));
    both_answer(call, true);
  });
}
TEST_CASE("forkedinvite.firstRingsSecondAnswers: who only rang is forgotten, who answered is not") {
  over_both([](Transport transport) {
    Forked call(transport);
    call.ask_both();
    const DialogId bobs = call.ring(call.bob);
    const DialogId carols = call.pick_up(call.carol);
    CHECK(call.alice.last<Response>().forked);
    call.net.wait(60s);
    CHECK(call.alice.last<DialogEnded>().id == bobs);
    CHECK(call.alice.last<DialogEnded>().why == DialogEnding::not_answered);
    CHECK(call.alice.agent.counts().dialogs == 1);
    CHECK(call.alice.agent.dialog(carols) != nullptr);
    CHECK(call.alice.sent_of("ACK") == 1);
  });
}
TEST_CASE("forkedinvite.dialogAfterSending: once a response with a tag came it is too late") {
  over_both([](Transport transport) {
    Forked call(transport, manual());
    call.ask_both();
    call.answer(call.bob, 180);
    CHECK_FALSE(call.alice.last<Response>().dialog);
    CHECK(call.alice.agent.begin_dialog(call.invite).error() == Error{Fault::duplicate, "dialog"});
    call.answer(call.bob, 200);
    call.answer(call.carol, 200);
    CHECK(call.alice.agent.counts().dialogs == 0);
    CHECK(call.alice.sent_of("ACK") == 0);
  });
}

/// Two branches of one INVITE that lead to Bob.
std::size_t answered_482(Transport transport, bool merges) {
  UserAgentConfig config;
  config.answers.merged = merges;
  Forked call(transport, {}, config);
  call.proxy.targets = {&call.bob, &call.bob};
  call.ask_both();
  CHECK(call.bob.request_count("INVITE") == (merges ? 1 : 2));
  for (const Request& each : call.bob.all<Request>()) REQUIRE(call.try_answer(call.bob, each, 200));
  CHECK(call.bob.agent.counts().dialogs == (merges ? 1 : 2));
  return call.bob.sent_of("SIP/2.0 482");
}
TEST_CASE("forkedinvite482: the same INVITE by a second branch is answered 482") {
  over_both([](Transport transport) { CHECK(answered_482(transport, true) == 1); });
}
TEST_CASE("forkedinviteloopdisabled: or not, where that is switched off") {
  over_both([](Transport transport) { CHECK(answered_482(transport, false) == 0); });
}

TEST_CASE("forkedinvitedialogtimeout.notAcked: of two calls the one without ACK ends") {
  over_both([](Transport transport) {
    Forked call(transport);
    call.ask_both();
    call.ring(call.bob);
    call.ring(call.carol);
    call.answer(call.bob, 200);
    const DialogId forgotten = call.alices();
    const DialogId kept = call.pick_up(call.carol);
    call.net.wait(33s);
    CHECK(call.alice.all<DialogEnded>().size() == 1);
    CHECK(call.alice.last<DialogEnded>().id == forgotten);
    CHECK(call.alice.last<DialogEnded>().why == DialogEnding::ack_never_sent);
    CHECK(call.alice.agent.dialog(kept) != nullptr);
    CHECK(call.alice.sent_of("ACK") == 1);
  });
}

TEST_CASE("forkedinvitedialogtimeout.notAnswered: and the one that only rang") {
  over_both([](Transport transport) {
    Forked call(transport);
    call.ask_both();
    const DialogId silent = call.ring(call.bob);
    call.ring(call.carol);
    const DialogId kept = call.pick_up(call.carol);
    call.net.wait(33s);
    CHECK(call.alice.all<DialogEnded>().size() == 1);
    CHECK(call.alice.last<DialogEnded>().id == silent);
    CHECK(call.alice.last<DialogEnded>().why == DialogEnding::not_answered);
    CHECK(call.alice.agent.dialog(kept) != nullptr);
    CHECK(call.alice.sent_of("ACK") == 1);
  });
}

}  // namespace
}  // namespace kith::ua::tck
