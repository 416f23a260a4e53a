// What a user agent does when UserAgentLimits are reached.
#include <doctest/doctest.h>

#include <string>

#include "kith/ua/testing/line.h"
#include "kith/ua/testing/two_parties.h"

namespace kith::ua {
namespace {

using testing::status_of_last;
using testing::to_bob;
using testing::TwoParties;

void is_unavailable(const std::string& bytes) {
  const auto response = sip::Message::parse(bytes);
  REQUIRE(response);
  CHECK(response->status() == 503);
  CHECK(response->text("Retry-After") == "5");
  CHECK(response->require<sip::To>()->tag());
}

TEST_CASE("RFC 3261 §21.5.4: over dialogs_max nothing is accepted that would make another") {
  for (const int status : {180, 200}) {
    CAPTURE(status);
    TwoParties line({}, {.limits = {.dialogs_max = 1}});
    const DialogId id = line.establish();
    line.is_asked(line.bob, "INVITE", "x1", "", 1);
    line.answer(status);
    is_unavailable(line.bob.sent.back());
    CHECK(line.bob.agent.counts().dialogs == 1);
    line.is_asked(line.bob, "INVITE", "x2", "", 1);
    line.answer(486);  // what makes none is sent as it is
    CHECK(line.sent_last(line.bob, "SIP/2.0 486"));
    REQUIRE(line.send(line.alice, id, "BYE"));
    line.answer(200);
    line.is_asked(line.bob, "INVITE", "x3", "", 1);
    line.answer(200);
    CHECK(line.sent_last(line.bob, "SIP/2.0 200"));
  }
}

TEST_CASE("RFC 3261 §12.1.2: over dialogs_max responses to a request of ours make none") {
  TwoParties line({.limits = {.dialogs_max = 1}});
  line.establish();
  sip::Message invite = to_bob("INVITE");
  invite.set("Call-ID", "c2");
  line.alice.agent.request(line.alice.flow, std::move(invite), line.now);
  line.settle();
  line.answer(180);
  CHECK(status_of_last(line.alice) == 180);
  CHECK_FALSE(line.alice.last<Response>().dialog);
  CHECK(line.alice.agent.counts().dialogs == 1);
}

TEST_CASE("RFC 3261 §12.1.2: over forks_max the responses of another fork make no dialog") {
  TwoParties line({.limits = {.forks_max = 2}});
  line.ask("INVITE");
  const auto rings = [&](std::string_view tag) {
    sip::Message response = line.response_to(line.bob.last<Request>(), 180);
    response.set_to_tag(tag);
    line.hears(line.alice, response.write());
    CHECK(line.alice.last<Response>().message.text("To").ends_with(tag));
    return line.alice.last<Response>().dialog;
  };
  const std::optional<DialogId> one = rings("one");
  const std::optional<DialogId> two = rings("two");
  CHECK(one);
  CHECK(two);
  CHECK(one != two);
  CHECK_FALSE(rings("three"));
  CHECK(rings("two") == two);
  CHECK(line.alice.agent.counts().dialogs == 2);
}

/// A call in which somebody subscribes, or refers.
struct Subscribed : TwoParties {
  using TwoParties::TwoParties;

  Result<TransactionId> subscribe(std::string_view event) {
    return send(alice, alices(), "SUBSCRIBE", {{"Event", event}, {"Expires", "600"}});
  }
};

TEST_CASE("RFC 3261 §21.5.4: over subscriptions_max a dialog accepts no other") {
  Subscribed line({}, {.limits = {.subscriptions_max = 2}});
  line.establish();
  for (const std::string_view event : {"a", "b"}) {
    REQUIRE(line.subscribe(event));
    line.answer(200, {{"Expires", "600"}});
    CHECK(status_of_last(line.alice) == 200);
  }
  REQUIRE(line.subscribe("c"));
  line.answer(200, {{"Expires", "600"}});
  CHECK(status_of_last(line.alice) == 503);
  is_unavailable(line.bob.sent.back());
  REQUIRE(line.send(line.alice, line.alices(), "REFER", {{"Refer-To", "<sip:c@127.0.0.1>"}}));
  line.answer(202);
  CHECK(status_of_last(line.alice) == 503);
  REQUIRE(line.subscribe("c"));
  line.answer(403);
  CHECK(status_of_last(line.alice) == 403);
  REQUIRE(line.subscribe("b"));  // as a refresh, it is no other
  line.answer(200, {{"Expires", "600"}});
  CHECK(status_of_last(line.alice) == 200);
}

TEST_CASE("RFC 3261 §21.5.4: over subscriptions_max a dialog asks for no other") {
  Subscribed line({.limits = {.subscriptions_max = 2}});
  line.establish();
  REQUIRE(line.subscribe("a"));
  line.answer(200, {{"Expires", "600"}});
  REQUIRE(line.subscribe("b"));  // it waits for its answer, and counts
  const std::size_t sent = line.alice.sent.size();
  CHECK(line.subscribe("c").error() == Error{Fault::too_many, "subscriptions"});
  CHECK(line.alice.sent.size() == sent);
  CHECK(line.subscribe("a"));
}

TEST_CASE("RFC 6665 §4.4.1: over subscribing_max the oldest SUBSCRIBE waits for no NOTIFY") {
  for (const std::string_view latest : {"c1", "c2"}) {
    CAPTURE(latest);
    TwoParties line({.limits = {.subscribing_max = 1}});
    for (const std::string_view call_id : {latest == "c1" ? "c2" : "c1", latest.data()}) {
      sip::Message subscribe = to_bob("SUBSCRIBE", "Event: presence\r\n");
      subscribe.set("Call-ID", call_id);
      line.alice.agent.request(line.alice.flow, std::move(subscribe), line.now);
    }
    line.settle();
    line.is_asked(line.alice, "NOTIFY", "n1", "a1", 1,
                  "Event: presence\r\nSubscription-State: active\r\n");  // in the call c1
    CHECK(line.alice.all<Request>().size() == (latest == "c1" ? 1 : 0));
    CHECK(line.sent_last(line.alice, "SIP/2.0 481") == (latest == "c2"));
  }
}

}  // namespace
}  // namespace kith::ua
