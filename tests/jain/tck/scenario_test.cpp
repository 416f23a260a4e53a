// The scenario packages of the reference implementation, but for the forks.

#include "tests/jain/tck/net.h"

namespace kith::ua::tck {
namespace {

TEST_CASE("acktransport: INVITE over TCP, ACK to a UDP target over a proxy, and one dialog ends") {
  Call call(Transport::tcp);
  Proxy proxy(call.net, true);
  proxy.targets = {&call.bob};
  call.net.use_datagrams(proxy.node, call.bob);
  call.alice.agent.request(call.net.flow(call.alice, proxy.node),
                           request_of(call.alice, call.bob, {.uri = "sip:bob@b.example"}),
                           call.net.now);
  call.net.settle();
  call.answer(200);
  call.acknowledge();
  CHECK(call.bob.last<Ack>().flow.transport == Transport::udp);
  call.hang_up(call.alice, call.alices());
  CHECK(call.bob.request_count("INVITE") == 1);
  CHECK(call.bob.all<Ack>().size() == 1);
  CHECK(call.bob.request_count("BYE") == 1);
  call.net.wait(60s);
  CHECK(call.alice.all<DialogEnded>().size() == 1);
  for (const TransactionEnded& each : call.alice.all<TransactionEnded>())
    CHECK(each.why == Ending::complete);
}

TEST_CASE("challenge: 401 or 407 ends the first dialog, and the call has another") {
  for (const int status : {401, 407}) {
    over_both([&](Transport transport) {
      Call call(transport);
      call.ask();
      call.answer(180);
      const DialogId first = call.alices();
      call.answer(status);
      CHECK(call.alice.last<DialogEnded>().id == first);
      call.establish(
          {.extra = "Authorization: Digest username=\"a\", realm=\"r\"\r\n", .sequence = 2});
      CHECK(call.alices() != first);
      call.hang_up(call.alice, call.alices());
      CHECK(call.alice.all<DialogEnded>().size() == 2);
      CHECK(call.bob.all<DialogEnded>().size() == 2);
    });
  }
}

TEST_CASE("reinvitechallenge: a second INVITE is challenged and repeated in the same dialog") {
  over_both([](Transport transport) {
    Call call(transport);
    call.establish();
    const DialogId id = call.alices();
    REQUIRE(call.within(call.alice, id, "INVITE"));
    call.answer(401);
    CHECK(call.alice.last<Response>().dialog == id);
    CHECK(call.alice.sent_of("ACK") == 2);  // for the first 200, and for the 401
    REQUIRE(call.within(call.alice, id, "INVITE", "Authorization", "Digest username=\"a\""));
    CHECK(call.bob.last<Request>().message.text("CSeq") == "3 INVITE");
    call.answer(200);
    CHECK(call.alice.last<Response>().dialog == id);
    call.acknowledge();
    CHECK(call.alice.sent_of("ACK") == 3);
    CHECK(call.bob.last<Ack>().message.text("Authorization") == "Digest username=\"a\"");
    CHECK(call.alice.all<DialogEnded>().empty());
  });
}

TEST_CASE("ctx491: an INVITE before the last was answered is not sent, and refused if it is") {
  over_both([](Transport transport) {
    Call call(transport);
    call.establish();
    const DialogId id = call.alices();
    REQUIRE(call.within(call.alice, id, "INVITE"));
    const std::string first = call.alice.sent.back();
    CHECK(call.within(call.alice, id, "INVITE").error() == Error{Fault::duplicate, "INVITE"});
    for (const std::string_view number : {"3", "4"})
      call.net.inject(call.alice, call.bob,
                      with(with(first, "CSeq: 2", "CSeq: " + std::string{number}), "branch=z9hG4bK",
                           "branch=z9hG4bK" + std::string{number}));
    CHECK(call.bob.sent_of("SIP/2.0 500") == 2);
    CHECK(sip::Message::parse(call.bob.sent.back())->has("Retry-After"));
    CHECK(call.bob.request_count("INVITE") == 2);
    call.answer(200);
    call.acknowledge();
    CHECK(call.alices() == id);
    call.hang_up(call.alice, id);
  });
}

TEST_CASE("stx491: an INVITE right behind the 200 of the callee is not refused") {
  over_both([](Transport transport) {
    Call call(transport);
    call.ask();
    call.answer(200);
    const std::string tag = call.dialog_of(call.alice, call.alices()).remote_tag();
    const DialogId bobs = Call::half_of(call.bob, tag, "a1");
    REQUIRE(call.within(call.bob, bobs, "INVITE"));
    CHECK(call.alice.last<Request>().message.method() == "INVITE");
    call.answer(call.alice, 200);
    CHECK(call.bob.last_status() == 200);
    CHECK(call.bob.response_count(491) == 0);
  });
}

TEST_CASE("no491: 24 INVITEs, each before the ACK of the last, are none of them refused") {
  UserAgentConfig config;
  config.answers.overlapping = false;
  over_both([&](Transport transport) {
    Call call(transport, config, config);
    call.establish();
    const DialogId id = call.alices();
    bool owes_ack = false;
    for (int i = 0; i < 24; ++i) {
      REQUIRE(call.within(call.alice, id, "INVITE"));
      if (owes_ack) REQUIRE(call.alice.agent.ack(id, call.net.now));
      call.net.settle();
      call.answer(200);
      owes_ack = true;
    }
    call.acknowledge();
    CHECK(call.bob.request_count("INVITE") == 25);
    CHECK(call.bob.all<Ack>().size() == 25);
    CHECK(call.alice.response_count(200) == 25);
    CHECK(call.alice.response_count(491) == 0);
    CHECK(call.alice.response_count(500) == 0);
    CHECK(call.alices() == id);
    call.hang_up(call.alice, id);
  });
}

TEST_CASE("uasreinvite: who is called invites again as soon as the ACK has come") {
  over_both([](Transport transport) {
    Call call(transport);
    call.bob.on_event = [&, first = true](const Event& event) mutable {
      const auto* ack = std::get_if<Ack>(&event);
      if (ack == nullptr || !std::exchange(first, false)) return;
      sip::Message invite = *call.bob.agent.draft(*ack->dialog, "INVITE");
      invite.add("Contact", call.bob.contact());
      REQUIRE(call.bob.agent.send(*ack->dialog, std::move(invite), call.net.now));
    };
    call.establish();
    const DialogId id = call.alices();
    CHECK(call.alice.request_count("INVITE") == 1);
    CHECK(call.alice.last<Request>().dialog == id);
    call.answer(call.alice, 200);
    REQUIRE(call.bob.agent.ack(call.bobs(), call.net.now));
    call.net.settle();
    CHECK(call.alice.all<Ack>().size() == 1);
    CHECK(call.bob.all<Ack>().size() == 1);
    call.hang_up(call.alice, id);
  });
}

TEST_CASE(
    "reInvite: two more INVITEs are of the same dialog, and a new Contact is the new target") {
  over_both([](Transport transport) {
    Call call(transport);
    call.establish();
    const DialogId id = call.alices();
    for (int i = 0; i < 2; ++i) {
      REQUIRE(call.within(call.alice, id, "INVITE"));
      const Request invite = call.bob.last<Request>();
      sip::Message response = sip::Message::response(invite.message, 200);
      response.add("Contact", "<sip:moved" + std::to_string(i) + "@" + call.bob.at() + ">");
      REQUIRE(call.bob.agent.respond(invite.transaction, response, call.net.now));
      call.net.settle();
      call.acknowledge();
      CHECK(call.alices() == id);
      CHECK(call.dialog_of(call.alice, id).remote_target() ==
            "sip:moved" + std::to_string(i) + "@" + call.bob.at());
      CHECK(call.bob.last<Ack>().message.request_uri() ==
            call.dialog_of(call.alice, id).remote_target());
    }
    call.hang_up(call.alice, id);
  });
}

/// Alice, a back-to-back user agent between, and Carol.
struct Bridged : Call {
  explicit Bridged(Transport transport) : Call(transport, {}, b2bua()), carol(net.add("carol")) {}
  static UserAgentConfig b2bua() {
    UserAgentConfig config;
    config.answers.overlapping = false;
    return config;
  }
  Node& carol;

  /// Both calls stand; the ids of Bob's two dialogs.
  std::pair<DialogId, DialogId> connect() {
    ask();
    const Request invite = bob.last<Request>();
    bob.agent.request(net.flow(bob, carol), request_of(bob, carol, {.call_id = "c2"}), net.now);
    net.settle();
    answer(carol, 180);
    REQUIRE(try_answer(bob, invite, 180));
    answer(carol, 200);
    const DialogId onward = *bob.last<Response>().dialog;
    REQUIRE(bob.agent.ack(onward, net.now));
    REQUIRE(try_answer(bob, invite, 200));
    acknowledge();
    return {bobs(), onward};
  }
};

TEST_CASE("dialog.b2bua: a call over two dialogs, and BYE ends both and nothing else") {
  over_both([](Transport transport) {
    Bridged call(transport);
    const auto [inward, onward] = call.connect();
    CHECK(inward != onward);
    CHECK(call.bob.agent.counts().dialogs == 2);
    REQUIRE(call.within(call.alice, call.alices(), "BYE"));
    const Request bye = call.bob.last<Request>();
    CHECK(bye.dialog == inward);
    REQUIRE(call.try_answer(call.bob, bye, 200));
    CHECK(call.bob.agent.dialog(onward) != nullptr);
    REQUIRE(call.within(call.bob, onward, "BYE"));
    call.answer(call.carol, 200);
    CHECK(call.bob.all<DialogEnded>().size() == 2);
    CHECK(call.alice.all<DialogEnded>().size() == 1);
    CHECK(call.carol.all<DialogEnded>().size() == 1);
    call.net.nothing_is_left();
  });
}

TEST_CASE("dialog.b2bua.reinvite: a second INVITE goes onward, and no dialog ends by it") {
  over_both([](Transport transport) {
    Bridged call(transport);
    const auto [inward, onward] = call.connect();
    REQUIRE(call.within(call.alice, call.alices(), "INVITE"));
    const Request invite = call.bob.last<Request>();
    CHECK(invite.dialog == inward);
    REQUIRE(call.within(call.bob, onward, "INVITE"));
    call.answer(call.carol, 200);
    REQUIRE(call.bob.agent.ack(onward, call.net.now));
    REQUIRE(call.try_answer(call.bob, invite, 200));
    call.acknowledge();
    call.net.wait(60s);
    for (const Node* const node : {&call.alice, &call.bob, &call.carol})
      CHECK(node->all<DialogEnded>().empty());
  });
}

TEST_CASE("dialog.termination: 300, 400, 500 and 600 to an INFO end no dialog") {
  over_both([](Transport transport) {
    for (const int status : {300, 400, 500, 600}) {
      CAPTURE(status);
      Call call(transport);
      call.establish();
      REQUIRE(call.within(call.alice, call.alices(), "INFO"));
      call.answer(status);
      call.net.wait(60s);
      CHECK(call.alice.all<DialogEnded>().empty());
      CHECK(call.bob.all<DialogEnded>().empty());
    }
  });
}

/// A 200 whose ACK is never sent.
void no_ack(Call& call) {
  call.ask();
  call.answer(200);
  silence(call.alice);
  silence(call.bob);
  call.net.wait(33s);
  CHECK(call.alice.last<DialogEnded>().why == DialogEnding::ack_never_sent);
  CHECK(call.bob.last<DialogEnded>().why == DialogEnding::ack_never_came);
  CHECK(call.bob.sent_of("BYE") >= 1);
  CHECK(call.alice.all<DialogEnded>().size() == 1);
  CHECK(call.bob.all<DialogEnded>().size() == 1);
  call.net.nothing_is_left();
}

TEST_CASE("dialog.timeout.automatic: a 200 without ACK ends the dialogs, each with its reason") {
  over_both([](Transport transport) {
    Call call(transport);
    no_ack(call);
  });
}
TEST_CASE("dialog.timeout.manual: the same where the dialogs were asked for") {
  over_both([](Transport transport) {
    const UserAgentConfig config{.dialogs = DialogPolicy::manual};
    Call call(transport, config, config);
    const TransactionId invite = call.ask();
    REQUIRE(call.alice.agent.begin_dialog(invite));
    REQUIRE(call.bob.agent.begin_dialog(call.bob.last<Request>().transaction));
    call.answer(200);
    call.net.wait(33s);
    CHECK(call.alice.last<DialogEnded>().why == DialogEnding::ack_never_sent);
    CHECK(call.bob.last<DialogEnded>().why == DialogEnding::ack_never_came);
  });
}
TEST_CASE("dialog.timeout.bye: who hears of the 200 again may still hang up") {
  over_both([](Transport transport) {
    Call call(transport);
    call.ask();
    call.answer(200);
    call.net.wait(10s);
    CHECK(call.alice.last<Response>().repeated);
    const DialogId id = call.alices();
    REQUIRE(call.within(call.alice, id, "BYE"));
    call.answer(200);
    CHECK(call.alice.last<DialogEnded>().why == DialogEnding::bye);
    CHECK(call.bob.last<DialogEnded>().why == DialogEnding::bye);
    call.net.nothing_is_left();
  });
}
TEST_CASE("dialog.timeout.b2bua: nor does it matter who is between") {
  over_both([](Transport transport) {
    UserAgentConfig config;
    config.answers.overlapping = false;
    Call call(transport, config);
    no_ack(call);
  });
}

TEST_CASE("dialog.timeout.plainListener: the end is told once, and nothing else is") {
  over_both([](Transport transport) {
    Call call(transport, manual(), manual());
    const TransactionId invite = call.ask();
    REQUIRE(call.alice.agent.begin_dialog(invite));
    REQUIRE(call.bob.agent.begin_dialog(call.bob.last<Request>().transaction));
    call.answer(200);
    silence(call.alice);
    silence(call.bob);
    call.alice.events.clear();
    call.bob.events.clear();
    call.net.nothing_is_left();
    for (const Node* const node : {&call.alice, &call.bob}) {
      CAPTURE(node->name);
      CHECK(node->all<DialogEnded>().size() == 1);
      for (const Event& each : node->events) {
        const bool ends = std::holds_alternative<DialogEnded>(each) ||
                          std::holds_alternative<TransactionEnded>(each) ||
                          std::holds_alternative<FlowClosed>(each);
        CHECK(ends);
      }
    }
  });
}

TEST_CASE(
    "tx.timeout.invite, tx.timeout.message: who is never answered for good ends, on both sides, in "
    "a bounded time") {
  over_both([](Transport transport) {
    for (const std::string_view method : {"INVITE", "MESSAGE"}) {
      CAPTURE(method);
      UserAgentConfig config;
      config.endpoint.timers = {.c = 30s, .answer = 30s, .answer_invite = 30s};
      Call call(transport, config, config);
      const TransactionId id = call.ask({.method = method});
      const Request request = call.bob.last<Request>();
      call.answer(100);
      call.net.wait(33s);
      CHECK(call.alice.last<TransactionEnded>().transaction == id);
      CHECK(call.alice.last<TransactionEnded>().why == Ending::timed_out);
      CHECK(call.bob.last<TransactionEnded>().transaction == request.transaction);
      CHECK(call.bob.last<TransactionEnded>().why == Ending::unanswered);
      call.net.nothing_is_left();
    }
  });
}

TEST_CASE("timeoutontermineted: an INVITE that was answered ends complete, and not by time-out") {
  over_both([](Transport transport) {
    Call call(transport);
    call.establish();
    call.net.wait(60s);
    CHECK(call.alice.last<TransactionEnded>().why == Ending::complete);
    CHECK(call.bob.last<TransactionEnded>().why == Ending::complete);
    call.hang_up(call.alice, call.alices());
    CHECK(call.alice.all<DialogEnded>().size() == 1);
  });
}

}  // namespace
}  // namespace kith::ua::tck
