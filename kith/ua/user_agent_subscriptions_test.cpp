// Subscriptions, alone and beside a call.
#include <doctest/doctest.h>

#include <string>

#include "kith/ua/testing/call.h"

namespace kith::ua {
namespace {

using testing::Call;
using testing::Party;
using testing::to_bob;

TEST_CASE(
    "RFC 3261 §17.2.2: over TCP who answers finds the dialog, though the transaction is over") {
  Call call;
  for (Party* party : {&call.alice, &call.bob}) {
    party->flow.transport = Transport::tcp;
    party->agent.opened(party->flow, call.now);
  }
  call.alice.agent.request(call.alice.flow, to_bob("SUBSCRIBE", "Event: presence\r\n"), call.now);
  call.settle();
  const Request request = call.bob.last<Request>();
  sip::Message response = Call::response_to(request, 200);
  response.add("Expires", "600");
  REQUIRE(call.bob.agent.respond(request.transaction, std::move(response), call.now));
  const std::optional<DialogId> dialog = call.bob.agent.dialog_of(request.transaction);
  REQUIRE(dialog);
  CHECK(call.bob.agent.dialog(*dialog) != nullptr);
  call.settle();
  CHECK(call.bob.last<TransactionEnded>().dialog == dialog);
  CHECK_FALSE(call.bob.agent.dialog_of(request.transaction));
}

TEST_CASE("RFC 5057 §4.1: a subscription keeps the dialog of a call that has ended") {
  Call call;
  call.establish();
  const DialogId id = call.alices();
  const DialogId bobs = call.bobs();
  std::optional<sip::Message> subscribe = call.alice.agent.draft(id, "SUBSCRIBE");
  subscribe->add("Event", "dialog");
  subscribe->add("Expires", "600");
  subscribe->add("Contact", "<sip:alice@127.0.0.1>");
  REQUIRE(call.alice.agent.send(id, *std::move(subscribe), call.now));
  call.settle();
  const Request subscription = call.bob.last<Request>();
  sip::Message granted = Call::response_to(subscription, 200);
  CHECK(call.bob.agent.respond(subscription.transaction, granted, call.now).error() ==
        Error{Fault::missing, "Expires"});
  granted.add("Expires", "601");
  CHECK(call.bob.agent.respond(subscription.transaction, granted, call.now).error() ==
        Error{Fault::too_long, "Expires"});
  granted.set("Expires", "600");
  REQUIRE(call.bob.agent.respond(subscription.transaction, granted, call.now));
  call.settle();
  REQUIRE(call.send(call.alice, id, "BYE"));
  call.answer(200);
  CHECK(call.alice.agent.dialog(id) != nullptr);
  CHECK(call.bob.agent.dialog(bobs) != nullptr);

  std::optional<sip::Message> notify = call.bob.agent.draft(bobs, "NOTIFY");
  notify->add("Event", "dialog");
  notify->add("Subscription-State", "terminated;reason=noresource");
  notify->add("Contact", "<sip:bob@127.0.0.1>");
  REQUIRE(call.bob.agent.send(bobs, *std::move(notify), call.now));
  call.settle();
  const Request last = call.alice.last<Request>();
  REQUIRE(call.alice.agent.respond(last.transaction, sip::Message::response(last.message, 200),
                                   call.now));
  call.settle();
  CHECK(call.alice.agent.dialog(id) == nullptr);
  CHECK(call.bob.agent.dialog(bobs) == nullptr);
  call.nothing_is_left();
}

TEST_CASE("RFC 6665 §4.4.1: a NOTIFY that overtakes the 2xx makes the dialog") {
  Call call;
  call.alice.agent.request(call.alice.flow, to_bob("SUBSCRIBE", "Event: presence\r\n"), call.now);
  call.settle();
  const Request subscribe = call.bob.last<Request>();
  call.bob.loses = [](std::string_view bytes) { return bytes.starts_with("SIP/2.0 200"); };
  sip::Message granted = Call::response_to(subscribe, 200);
  granted.add("Expires", "600");
  REQUIRE(call.bob.agent.respond(subscribe.transaction, granted, call.now));
  call.settle();
  const auto to = call.bob.sent.back();
  const std::string tag = std::string{*sip::Message::parse(to)->require<sip::To>()->tag()};
  const auto notify = [&](std::string_view from_tag, std::string_view package) {
    std::string text = "NOTIFY sip:alice@127.0.0.1 SIP/2.0\r\n";
    text.append("Via: SIP/2.0/UDP 127.0.0.1:6050;branch=z9hG4bK").append(from_tag).append(package);
    text.append("\r\nFrom: <sip:bob@127.0.0.1>;tag=").append(from_tag);
    text.append("\r\nTo: <sip:alice@127.0.0.1>;tag=a1\r\nCall-ID: c1\r\nCSeq: 1 NOTIFY\r\n");
    text.append("Max-Forwards: 70\r\nContact: <sip:bob@127.0.0.1>\r\nEvent: ").append(package);
    text.append("\r\nSubscription-State: active\r\nContent-Length: 0\r\n\r\n");
    call.alice.agent.receive(call.alice.flow, text, call.now);
    call.settle();
  };
  notify(tag, "dialog");
  CHECK(call.alice.sent.back().starts_with("SIP/2.0 481"));
  notify(tag, "presence");
  const std::optional<DialogId> id = call.alice.last<Request>().dialog;
  REQUIRE(id);
  CHECK(call.alice.agent.dialog(*id)->local_sequence() == 1);
  notify("fork", "presence");  // presence is not among the packages that may fork
  CHECK(call.alice.sent.back().starts_with("SIP/2.0 481"));
  call.bob.loses = [](std::string_view) { return false; };
  call.wait(1s);  // the SUBSCRIBE was sent again, and so was its 200
  CHECK(call.alice.last<Response>().dialog == id);
  call.wait(24h);
  CHECK(call.alice.last<DialogEnded>().why == DialogEnding::subscription_ended);
}

}  // namespace
}  // namespace kith::ua
