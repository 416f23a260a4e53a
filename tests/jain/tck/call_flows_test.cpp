// The call flows of the TCK: who calls, who is called, and a proxy between them.

#include "tests/jain/tck/net.h"

namespace kith::ua::tck {
namespace {

/// Alice and Bob behind a proxy, in place of the way between them.
struct Proxied : Call {
  explicit Proxied(Transport transport, bool record_routes = false,
                   const UserAgentConfig& of_alice = {})
      : Call(transport, of_alice), proxy(net, record_routes) {}
  Proxy proxy;

  TransactionId ask_proxy(const Asking& asking) {
    const TransactionId id =
        alice.agent.request(net.flow(alice, proxy.node), request_of(alice, bob, asking), net.now);
    net.settle();
    return id;
  }
};

TEST_CASE("forkedinvite.ForkedInviteTest: two who are called answer, each in a dialog of its own") {
  over_both([](Transport transport) {
    Proxied call(transport);
    Node& carol = call.net.add("carol");
    call.proxy.targets = {&call.bob, &carol};
    const TransactionId invite = call.ask_proxy({.uri = "sip:bob@b.example"});
    call.answer(call.bob, 180);
    const DialogId first = call.alices();
    call.answer(carol, 180);
    const DialogId second = call.alices();
    CHECK(first != second);
    call.net.wait(3s);
    call.answer(carol, 200);
    CHECK(call.alices() == second);
    call.acknowledge();
    call.net.wait(1s);
    call.answer(call.bob, 200);
    CHECK(call.alices() == first);
    call.acknowledge();
    for (const Response& each : call.alice.all<Response>()) {
      if (each.message.status() == 100) continue;
      CHECK(each.transaction == invite);
      CHECK(each.forked == (each.dialog == second));
    }
    for (Node* const node : {&call.bob, &carol}) {
      const Ack ack = node->last<Ack>();
      CHECK(ack.message.has("Max-Forwards"));
      CHECK(call.dialog_of(*node, *ack.dialog).state() == dialog::State::confirmed);
    }
    CHECK(call.alice.agent.counts().dialogs == 2);
    REQUIRE(call.within(call.alice, second, "BYE"));
    call.answer(carol, 200);
    CHECK(call.alice.all<DialogEnded>().size() == 1);
    CHECK(call.alice.last<DialogEnded>().id == second);
    CHECK(call.alice.agent.counts().dialogs == 1);
    CHECK(call.bob.all<DialogEnded>().empty());
  });
}

void reliably(Transport transport, std::string_view asked) {
  Call call(transport);
  call.ask({.extra = asked});
  const Request invite = call.bob.last<Request>();
  REQUIRE(call.bob.agent.respond_reliably(invite.transaction,
                                          call.response_of(call.bob, invite, 183), call.net.now));
  call.net.settle();
  const Response progress = call.alice.last<Response>();
  CHECK(sip::lists<sip::Require>(progress.message, "100rel"));
  REQUIRE(call.alice.agent.prack(*progress.dialog, progress.message, call.net.now));
  call.net.settle();
  CHECK(call.bob.last<Request>().message.method() == "PRACK");
  CHECK(call.bob.last<Request>().message.text("RAck") == "1 1 INVITE");
  call.answer(200);
  CHECK(call.alice.last<Response>().message.text("CSeq") == "2 PRACK");
  REQUIRE(call.try_answer(call.bob, invite, 200));
  call.acknowledge();
  CHECK(call.bob.sent_of("SIP/2.0 183") == 1);
  call.hang_up(call.bob, call.bobs());
  call.net.nothing_is_left();
}

TEST_CASE("prack.PrackTest.testPrack: a reliable 183 has its PRACK, and that its 200") {
  over_both([](Transport transport) { reliably(transport, "Require: 100rel\r\n"); });
}
TEST_CASE("prack.PrackTest.testPrack2: the same where it is only supported") {
  over_both([](Transport transport) { reliably(transport, "Supported: 100rel\r\n"); });
}

TEST_CASE("recroute.RecordRouteTest: a proxy that stays in the way has no dialog and sees all") {
  over_both([](Transport transport) {
    Proxied call(transport, true);
    call.proxy.targets = {&call.bob};
    call.ask_proxy({.uri = "sip:bob@b.example"});
    call.answer(180);
    CHECK(call.dialog_of(call.alice, call.alices()).state() == dialog::State::early);
    call.answer(200);
    CHECK(call.dialog_of(call.alice, call.alices()).state() == dialog::State::confirmed);
    CHECK(call.dialog_of(call.alice, call.alices()).routes().size() == 1);
    call.acknowledge();
    CHECK(call.bob.last<Ack>().message.has("Max-Forwards"));
    CHECK(call.dialog_of(call.bob, call.bobs()).state() == dialog::State::confirmed);
    REQUIRE(call.within(call.alice, call.alices(), "INFO"));
    call.answer(call.bob, 200);
    REQUIRE(call.within(call.bob, call.bobs(), "INFO"));
    CHECK_FALSE(call.alice.last<Request>().message.has("Route"));
    call.answer(call.alice, 200);
    call.hang_up(call.alice, call.alices());
    CHECK(call.proxy.node.request_count("INVITE") == 1);
    CHECK(call.proxy.node.request_count("INFO") == 2);
    CHECK(call.proxy.node.request_count("BYE") == 1);
    CHECK(call.proxy.node.all<Ack>().size() == 1);
    CHECK(call.proxy.node.agent.counts().dialogs == 0);
    call.net.nothing_is_left();
  });
}

TEST_CASE("redirect.RedirectTest: 302 ends the dialog, and the next INVITE makes a new one") {
  over_both([](Transport transport) {
    Call call(transport);
    call.ask();
    call.answer(180);
    const DialogId first = call.alices();
    call.answer(302);
    CHECK(call.alice.last<DialogEnded>().id == first);
    CHECK(call.alice.last<DialogEnded>().why == DialogEnding::refused);
    CHECK(call.bob.last<DialogEnded>().why == DialogEnding::refused);
    const auto contact = call.alice.last<Response>().message.require<sip::Contact>();
    REQUIRE(contact);
    call.ask({.sequence = 2, .uri = "sip:bob@127.0.0.1:5020"});
    const Request second = call.bob.last<Request>();
    CHECK_FALSE(second.message.require<sip::To>()->tag());
    call.answer(180);
    CHECK(call.bob.agent.state(second.transaction) == State::proceeding);
    CHECK(call.alices() != first);
    call.answer(200);
    CHECK(call.bob.agent.state(second.transaction) == State::accepted);
    call.acknowledge();
    CHECK(call.bob.request_count("INVITE") == 2);
    CHECK(call.bob.all<Ack>().size() == 1);
    REQUIRE(call.within(call.alice, call.alices(), "BYE"));
    const Request bye = call.bob.last<Request>();
    CHECK(bye.dialog == call.bobs());
    call.answer(200);
    const std::optional<State> state = call.bob.agent.state(bye.transaction);
    CHECK(state == (transport == Transport::udp ? std::optional{State::completed} : std::nullopt));
    CHECK(call.bob.agent.dialog(call.bobs()) == nullptr);
    CHECK(bye.flow.transport == transport);
    call.net.nothing_is_left();
  });
}

TEST_CASE("refer.ReferTest: the progress of the call comes in NOTIFY, the last one ends it") {
  over_both([](Transport transport) {
    Call call(transport);
    call.ask({.method = "REFER", .extra = "Refer-To: <sip:carol@c.example>\r\n"});
    const Request refer = call.bob.last<Request>();
    CHECK_FALSE(refer.message.require<sip::To>()->tag());
    CHECK_FALSE(refer.dialog);
    call.answer(202);
    const DialogId id = call.alices();
    CHECK(call.dialog_of(call.alice, id).state() == dialog::State::confirmed);
    std::optional<DialogId> bobs;
    const auto progress = [&](std::string_view state, std::string_view line) {
      if (!bobs) bobs = Call::half_of(call.bob, call.dialog_of(call.alice, id).remote_tag(), "a1");
      sip::Message notify = *call.bob.agent.draft(*bobs, "NOTIFY");
      notify.add("Event", "refer");
      notify.add("Subscription-State", state);
      notify.add("Contact", call.bob.contact());
      notify.set_body("message/sipfrag", line);
      REQUIRE(call.bob.agent.send(*bobs, std::move(notify), call.net.now));
      call.net.settle();
      CHECK(call.alice.last<Request>().dialog == id);
      CHECK(call.alice.last<Request>().message.body() == line);
      call.answer(call.alice, 200);
    };
    progress("active;expires=60", "SIP/2.0 100 Trying");
    progress("active;expires=60", "SIP/2.0 180 Ringing");
    CHECK(call.alice.agent.dialog(id) != nullptr);
    progress("terminated;reason=noresource", "SIP/2.0 200 OK");
    CHECK(call.alice.request_count("NOTIFY") == 3);
    CHECK(call.alice.agent.dialog(id) == nullptr);
    CHECK(call.bob.agent.dialog(*bobs) == nullptr);
    call.net.nothing_is_left();
  });
}

void called_back(Transport transport, const Asking& asking, bool secure) {
  Call call(transport);
  call.establish(asking);
  const DialogId alices = call.alices();
  const DialogId bobs = call.bobs();
  CHECK(call.dialog_of(call.bob, bobs).secure() == secure);
  const Result<TransactionId> again = call.within(call.bob, bobs, "INVITE");
  REQUIRE(again);
  CHECK(call.alice.request_count("INVITE") == 1);
  CHECK(call.alice.last<Request>().dialog == alices);
  call.answer(call.alice, 200);
  CHECK(call.bob.last<Response>().transaction == *again);
  CHECK(call.bob.last<Response>().dialog == bobs);
  REQUIRE(call.bob.agent.ack(bobs, call.net.now));
  call.net.settle();
  CHECK(call.alice.all<Ack>().size() == 1);
  CHECK(call.alice.last<Ack>().dialog == alices);
  call.hang_up(call.alice, alices);
  CHECK(call.bob.last<Request>().dialog == bobs);
  call.net.nothing_is_left();
}

TEST_CASE("reinvite.ReInviteTest: who was called invites again, all in one dialog") {
  over_both([](Transport transport) { called_back(transport, {}, false); });
}

TEST_CASE("tls.TlsTest: the same with sips over TLS, and the dialog is secure") {
  called_back(Transport::tls, {.uri = "sips:bob@127.0.0.1:5020"}, true);
  Call call(Transport::tls);
  call.ask({.uri = "sips:bob@127.0.0.1:5020"});
  const Request invite = call.bob.last<Request>();
  sip::Message response = sip::Message::response(invite.message, 200);
  response.add("Contact", "<sips:bob@127.0.0.1:5020>");
  REQUIRE(call.bob.agent.respond(invite.transaction, response, call.net.now));
  call.net.settle();
  call.acknowledge();
  CHECK(call.bob.last<Ack>().message.request_uri() == "sips:bob@127.0.0.1:5020");
  CHECK(call.dialog_of(call.alice, call.alices()).secure());
}

TEST_CASE("tls.contactOverTcp: what a Contact says of TCP takes no call off its TLS connection") {
  Call call(Transport::tls);
  call.ask();
  const Request invite = call.bob.last<Request>();
  sip::Message response = sip::Message::response(invite.message, 200);
  response.add("Contact", "<sip:bob@127.0.0.1:5020;transport=tcp>");
  REQUIRE(call.bob.agent.respond(invite.transaction, response, call.net.now));
  call.net.settle();
  call.acknowledge();
  const Ack& ack = call.bob.last<Ack>();
  CHECK(ack.flow.transport == Transport::tls);
  CHECK(ack.message.request_uri() == "sip:bob@127.0.0.1:5020;transport=tcp");
  CHECK(ack.message.text("Via").starts_with("SIP/2.0/TLS "));
  call.hang_up(call.bob, call.bobs());
  call.net.nothing_is_left();
}

TEST_CASE("router.RouterTest: who sends says where to, also for a tel URI") {
  over_both([](Transport transport) {
    Call call(transport);
    call.establish({.uri = "tel:+1-201-555-0123"});
    CHECK(call.bob.all<Request>().front().message.request_uri() == "tel:+1-201-555-0123");
    CHECK(call.alice.last<Response>().flow == call.net.flow(call.alice, call.bob));
    call.hang_up(call.alice, call.alices());
  });
}

std::string notify_state(const Node& node) {
  return std::string{node.last<Request>().message.text("Subscription-State")};
}

/// A dialog of a notifier, and NOTIFY in it.
struct Notifier {
  Proxied& call;
  Node& node;
  DialogId id{};

  void accept() {
    const Request subscribe = node.last<Request>();
    CHECK(subscribe.message.text("Event") == "presence");
    CHECK_FALSE(subscribe.message.require<sip::To>()->tag());
    CHECK_FALSE(subscribe.dialog);
    sip::Message granted = call.response_of(node, subscribe, 202);
    granted.add("Expires", "600");
    granted.set_to_tag(node.name);
    REQUIRE(node.agent.respond(subscribe.transaction, granted, call.net.now));
    id = Call::half_of(node, node.name, "a1");
    CHECK(call.dialog_of(node, id).state() == dialog::State::confirmed);
    call.net.settle();
  }
  DialogId notify(std::string_view state) {
    sip::Message request = *node.agent.draft(id, "NOTIFY");
    request.add("Event", "presence");
    request.add("Subscription-State", state);
    request.add("Contact", node.contact());
    REQUIRE(node.agent.send(id, std::move(request), call.net.now));
    call.net.settle();
    const Request seen = call.alice.last<Request>();
    CHECK(notify_state(call.alice) == state);
    REQUIRE(seen.dialog);
    CHECK(call.dialog_of(call.alice, *seen.dialog).state() == dialog::State::confirmed);
    CHECK(call.alice.agent.state(seen.transaction) == State::trying);
    const DialogId alices = *seen.dialog;
    call.answer(call.alice, 200);
    return alices;
  }
};

TEST_CASE("subsnotify.SubsnotifyTest: a SUBSCRIBE that forks makes two subscriptions") {
  over_both([](Transport transport) {
    Proxied call(transport, false, {.forkable = {"presence"}});
    Node& carol = call.net.add("carol");
    call.proxy.targets = {&call.bob, &carol};
    call.ask_proxy({.method = "SUBSCRIBE",
                    .extra = "Event: presence\r\nExpires: 600\r\n",
                    .uri = "sip:bob@b.example"});
    Notifier one{call, call.bob};
    Notifier two{call, carol};
    one.accept();
    const DialogId first = one.notify("pending;expires=600");
    CHECK(call.alice.last<Response>().dialog == first);
    two.accept();
    const DialogId second = two.notify("pending;expires=600");
    CHECK(first != second);
    CHECK(one.notify("active;expires=600") == first);
    CHECK(two.notify("active;expires=600") == second);
    CHECK(call.alice.agent.counts().dialogs == 2);
    for (Notifier* const each : {&one, &two}) {
      const DialogId id = each == &one ? first : second;
      sip::Message request = *call.alice.agent.draft(id, "SUBSCRIBE");
      request.add("Event", "presence");
      request.add("Expires", "0");
      request.add("Contact", call.alice.contact());
      REQUIRE(call.alice.agent.send(id, std::move(request), call.net.now));
      call.net.settle();
      const Request ending = each->node.last<Request>();
      CHECK(ending.dialog == each->id);
      sip::Message response = call.response_of(each->node, ending, 200);
      response.add("Expires", "0");
      REQUIRE(each->node.agent.respond(ending.transaction, response, call.net.now));
      call.net.settle();
      CHECK(call.alice.last<Response>().dialog == id);
      each->notify("terminated;reason=deactivated");
      CHECK(call.alice.last<DialogEnded>().id == id);
    }
    call.net.nothing_is_left();
  });
}

}  // namespace
}  // namespace kith::ua::tck
