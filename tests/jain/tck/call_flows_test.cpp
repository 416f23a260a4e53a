// The call flows of the TCK: who calls, who is called, and a proxy between them.

#include "kith/location/location.h"
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

/// Alice asks Bob to call Carol, and Bob tells her how that goes.
struct Referred : Call {
  explicit Referred(Transport transport) : Call(transport), carol(net.add("carol")) {}
  Node& carol;
  DialogId alices_half{};
  DialogId bobs_half{};

  void refer() {
    ask({.method = "REFER", .extra = "Refer-To: <sip:carol@127.0.0.1:5030>\r\n"});
    if (bob.last<Request>().flow.transport == Transport::udp) trying_without_transaction();
    const Request refer = bob.last<Request>();
    CHECK(refer.message.text("Refer-To") == "<sip:carol@127.0.0.1:5030>");
    CHECK_FALSE(refer.message.require<sip::To>()->tag());
    CHECK_FALSE(refer.dialog);
    CHECK(alice.agent.counts().dialogs == 0);
    answer(202);
    alices_half = alices();
    bobs_half = half_of(bob, dialog_of(alice, alices_half).remote_tag(), "a1");
    CHECK(dialog_of(alice, alices_half).state() == dialog::State::confirmed);
    CHECK(dialog_of(bob, bobs_half).state() == dialog::State::confirmed);
  }
  /// A 100 that leaves nothing behind: the REFER comes again, and is a new one.
  void trying_without_transaction() {
    const Request first = bob.last<Request>();
    bob.agent.forget(first.transaction);
    bob.agent.forward(first.flow, sip::Message::response(first.message, 100));
    net.settle();
    CHECK(alice.last_status() == 100);
    CHECK_FALSE(alice.last<Response>().dialog);
    CHECK(bob.agent.counts().endpoint.server_transactions == 0);
    net.wait(5s);
    CHECK(bob.request_count("REFER") == 2);
    CHECK(bob.last<Request>().transaction != first.transaction);
  }
  /// What Carol says to Bob's INVITE goes on to Alice.
  void progress(int status, std::string_view state) {
    answer(carol, status);
    const sip::Message& heard = bob.last<Response>().message;
    REQUIRE(heard.status() == status);
    const std::string line =
        "SIP/2.0 " + std::to_string(status) + " " + std::string{heard.reason()} + "\r\n";
    sip::Message notify = *bob.agent.draft(bobs_half, "NOTIFY");
    notify.add("Event", "refer");
    notify.add("Subscription-State", state);
    notify.add("Contact", bob.contact());
    notify.set_body("message/sipfrag", line);
    REQUIRE(bob.agent.send(bobs_half, std::move(notify), net.now));
    net.settle();
    CHECK(alice.last<Request>().dialog == alices_half);
    CHECK(alice.last<Request>().message.body() == line);
    answer(alice, 200);
    CHECK(bob.last_status() == 200);
  }
};

TEST_CASE("refer.ReferTest: the progress of the call comes in NOTIFY, the last one ends it") {
  over_both([](Transport transport) {
    Referred call(transport);
    call.refer();
    call.bob.agent.request(call.net.flow(call.bob, call.carol),
                           request_of(call.bob, call.carol, {.call_id = "c2"}), call.net.now);
    call.net.settle();
    call.progress(100, "active;expires=60");
    call.progress(180, "active;expires=60");
    CHECK(call.alice.agent.dialog(call.alices_half) != nullptr);
    call.progress(200, "terminated;reason=noresource");
    CHECK(call.alice.request_count("NOTIFY") == 3);
    CHECK(call.alice.agent.dialog(call.alices_half) == nullptr);
    CHECK(call.bob.agent.dialog(call.bobs_half) == nullptr);
    CHECK(call.alice.all<DialogEnded>().size() == 1);
    const DialogId onward = *call.bob.agent.dialog_of(call.bob.all<Response>()[0].transaction);
    REQUIRE(call.bob.agent.ack(onward, call.net.now));
    call.net.settle();
    const DialogId carols = *call.carol.last<Ack>().dialog;
    CHECK(call.dialog_of(call.bob, onward).state() == dialog::State::confirmed);
    CHECK(call.dialog_of(call.carol, carols).state() == dialog::State::confirmed);
    REQUIRE(call.within(call.bob, onward, "BYE"));
    call.answer(call.carol, 200);
    CHECK(call.bob.last<DialogEnded>().why == DialogEnding::bye);
    CHECK(call.carol.last<DialogEnded>().why == DialogEnding::bye);
    call.net.nothing_is_left();
    for (const Node* const node : {&call.alice, &call.bob, &call.carol})
      for (const TransactionEnded& each : node->all<TransactionEnded>()) {
        CHECK(each.why != Ending::timed_out);
        CHECK(each.why != Ending::unanswered);
      }
  });
}

void called_back(Transport transport, const Asking& asking, bool secure,
                 std::size_t piece_size_max = std::string::npos) {
  Call call(transport);
  call.alice.piece_size_max = piece_size_max;
  call.bob.piece_size_max = piece_size_max;
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

TEST_CASE("sctp.SctpTest: the same over a connection that hands over one byte at a time") {
  for (const Transport transport : {Transport::tcp, Transport::tls}) {
    CAPTURE(to_string(transport));
    called_back(transport, {}, false, 1);
  }
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

/// Who is asked for the way before a request leaves: it has a table of numbers, and of URIs it
/// knows what RFC 3263 §4 makes of them.
struct Router {
  Net& net;
  std::map<std::string, Node*, std::less<>> numbers{};
  std::vector<std::string> asked{};
  SeededRandom random{1};
  location::Location location{{}, random};

  std::optional<Flow> next_hop(Node& from, std::string_view uri) {
    asked.emplace_back(uri);
    if (const auto known = numbers.find(uri); known != numbers.end())
      return net.flow(from, *known->second);
    location.start(location::Request{.uri = *sip::Uri::parse(uri)}, net.now);
    const std::optional<location::Output> output = location.poll();
    REQUIRE(output);
    if (const auto* exhausted = std::get_if<location::Exhausted>(&*output)) {
      CHECK(exhausted->why == location::Exhaustion::unusable);
      return std::nullopt;
    }
    return net.flow(from, *net.at_uri(std::get<location::Found>(*output).target.address.text()));
  }
};

TEST_CASE("router.RouterTest: the way of a tel URI is asked for once; without one nothing leaves") {
  over_both([](Transport transport) {
    Call call(transport);
    Node& carol = call.net.add("carol");
    Router router{.net = call.net, .numbers = {{"tel:+1-201-555-0123", &call.bob}}};
    const auto ask = [&](std::string_view uri, std::string_view call_id) {
      const std::optional<Flow> way = router.next_hop(call.alice, uri);
      const Asking asking{.call_id = call_id, .uri = uri};
      if (way)
        call.alice.agent.request(*way, request_of(call.alice, call.bob, asking), call.net.now);
      call.net.settle();
      return way;
    };
    CHECK_FALSE(ask("tel:+1-201-555-0199", "c0"));
    CHECK(call.alice.sent.empty());
    CHECK(call.alice.agent.counts().endpoint.client_transactions == 0);

    const std::optional<Flow> way = ask("tel:+1-201-555-0123", "c1");
    REQUIRE(way);
    CHECK(call.alice.agent.counts().dialogs == 0);
    CHECK(call.bob.last<Request>().message.request_uri() == "tel:+1-201-555-0123");
    call.answer(180);
    call.answer(200);
    call.acknowledge();
    call.hang_up(call.alice, call.alices());
    for (const Response& each : call.alice.all<Response>()) CHECK(each.flow == *way);
    CHECK(router.asked.size() == 2);  // ACK and BYE go the way of their dialog
    CHECK(carol.events.empty());

    CHECK(ask("sip:carol@127.0.0.1:5030", "c2"));
    CHECK(carol.request_count("INVITE") == 1);
    CHECK(call.bob.request_count("INVITE") == 1);
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
