// The scenario package subsnotify of the reference implementation.

#include "tests/jain/tck/net.h"

namespace kith::ua::tck {
namespace {

/// Bob's half of a subscription of Alice's, and one NOTIFY in it.
struct Subscribed : Call {
  using Call::Call;
  DialogId bobs_half{};

  Request subscribe() {
    ask({.method = "SUBSCRIBE", .extra = "Event: presence\r\nExpires: 600\r\n"});
    return bob.last<Request>();
  }
  void grant(const Request& request, int status) {
    sip::Message granted = response_of(bob, request, status);
    granted.add("Expires", "600");
    granted.set_to_tag("b1");
    REQUIRE(bob.agent.respond(request.transaction, granted, net.now));
    bobs_half = half_of(bob, "b1", "a1");
  }
  DialogId notified() {
    sip::Message notify = *bob.agent.draft(bobs_half, "NOTIFY");
    notify.add("Event", "presence");
    notify.add("Subscription-State", "active;expires=600");
    notify.add("Contact", bob.contact());
    REQUIRE(bob.agent.send(bobs_half, std::move(notify), net.now));
    net.settle();
    const DialogId id = *alice.last<Request>().dialog;
    answer(alice, 200);
    return id;
  }
};

TEST_CASE(
    "subsnotify.notifyBefore202, subsnotify.notifyBefore200: the dialog of the NOTIFY is that of "
    "the response") {
  for (const int status : {202, 200}) {
    over_both([status](Transport transport) {
      CAPTURE(status);
      Subscribed call(transport);
      const Request subscribe = call.subscribe();
      const auto held = hold_back(call.bob, "SIP/2.0 " + std::to_string(status));
      call.grant(subscribe, status);
      const DialogId id = call.notified();
      CHECK(call.dialog_of(call.alice, id).remote_tag() == "b1");
      CHECK(call.alice.all<Response>().empty());
      call.net.inject(call.bob, call.alice, *held);
      CHECK(call.alice.last_status() == status);
      CHECK(call.alices() == id);
      CHECK(call.alice.agent.counts().dialogs == 1);
      REQUIRE(call.within(call.alice, id, "SUBSCRIBE", "Event", "presence"));
      CHECK(call.bob.last<Request>().dialog == call.bobs_half);
    });
  }
}

TEST_CASE("subsnotify.unanswered: a SUBSCRIBE that is never answered leaves nothing") {
  over_both([](Transport transport) {
    Subscribed call(transport);
    const Request subscribe = call.subscribe();
    call.bob.agent.forget(subscribe.transaction);
    silence(call.bob);
    silence(call.alice);
    call.net.wait(33s);
    CHECK(call.alice.last<TransactionEnded>().why == Ending::timed_out);
    call.net.nothing_is_left();
  });
}

TEST_CASE("subsnotify.retransmission: a NOTIFY that comes again is answered, and seen once") {
  Subscribed call;  // over UDP: nothing comes again by itself on a stream
  call.grant(call.subscribe(), 202);
  call.net.settle();
  call.notified();
  std::string notify;
  for (const std::string& each : call.bob.sent)
    if (each.starts_with("NOTIFY")) notify = each;
  call.net.inject(call.bob, call.alice, notify);
  CHECK(call.alice.request_count("NOTIFY") == 1);
  CHECK(call.alice.sent_of("SIP/2.0 200") == 2);
}

}  // namespace
}  // namespace kith::ua::tck
