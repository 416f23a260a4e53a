#include "kith/presence/presentity.h"

#include <doctest/doctest.h>

namespace kith::presence {
namespace {

constexpr State online{{300}, {400}};
constexpr State busy{{300}, {600}};
constexpr State away{{300}, {100}};
constexpr State connected{{200}, {0}};
constexpr Time start{24h};

Publication says(State state, std::string_view user_info = "") {
  return {.uri = "sip:alice@example.com",
          .document = {.state = state,
                       .availability_description = {},
                       .activity_description = {},
                       .note = {},
                       .extensions = {}},
          .user_info = std::string(user_info)};
}

Presentity alice() {
  return Presentity("sip:alice@example.com",
                    {.display_name = "Alice", .email = {}, .phone_number = {}});
}

TEST_CASE("SIP-PRES-33: a user of whom no device is there is offline, 0 and 0, under his name") {
  const Aggregate shown = alice().aggregate(start);
  CHECK(shown.state == State{});
  CHECK(shown.epid.empty());
  CHECK(shown.devices.empty());
  CHECK(shown.directory.display_name == "Alice");
}

TEST_CASE("SIP-PRES-22: the overall state is that of the most available device, with its epid") {
  struct Case {
    State first, second, third;
    std::string_view best;
  };
  for (const auto& [first, second, third, best] :
       {Case{{{0}, {100}}, {{200}, {400}}, {{100}, {999}}, "b"},
        Case{{{999}, {0}}, {{300}, {400}}, {{300}, {600}}, "a"},
        Case{{{300}, {400}}, {{300}, {600}}, {{300}, {100}}, "b"},  // equal: the higher activity
        Case{{{300}, {400}}, {{300}, {400}}, {{300}, {400}}, "c"},  // and then the latest
        Case{{{0}, {0}}, {{0}, {0}}, {{0}, {0}}, "c"}}) {
    Presentity user = alice();
    REQUIRE(user.publish("a", says(first), start));
    REQUIRE(user.publish("b", says(second), start + 1s));
    REQUIRE(user.publish("c", says(third), start + 2s));
    const Aggregate shown = user.aggregate(start + 3s);
    CHECK(shown.epid == best);
    CHECK(shown.state == (best == "a" ? first : best == "b" ? second : third));
    CHECK(shown.devices.size() == 3);
  }
}

TEST_CASE(
    "SIP-PRES-21: every device that has published is shown, with what it said last, and when") {
  Presentity user = alice();
  REQUIRE(user.publish("a", says(away), start));
  REQUIRE(user.publish("b", says(busy), start + 1s));
  REQUIRE(user.publish("A", says(online), start + 9s));
  const Aggregate shown = user.aggregate(start + 10s);
  REQUIRE(shown.devices.size() == 2);
  CHECK(shown.devices[0] == DevicePresence{"a", start + 9s, says(online).document});
  CHECK(shown.devices[1] == DevicePresence{"b", start + 1s, says(busy).document});
}

TEST_CASE("a device that signs out is gone from the document") {
  Presentity user = alice();
  REQUIRE(user.publish("a", says(busy), start));
  REQUIRE(user.publish("b", says(online), start));
  CHECK(user.sign_out("A"));
  CHECK_FALSE(user.sign_out("a"));
  const Aggregate shown = user.aggregate(start);
  CHECK(shown.state == online);
  REQUIRE(shown.devices.size() == 1);
  CHECK(user.sign_out("b"));
  CHECK(user.aggregate(start) == alice().aggregate(start));
}

TEST_CASE("SIP-PRES-28: userInfo is the user's: any device sets it, and it outlives them all") {
  Presentity user = alice();
  REQUIRE(user.publish("a", says(online, "<userInfo>1</userInfo>"), start));
  REQUIRE(user.publish("b", says(online), start));
  CHECK(user.aggregate(start).user_info == "<userInfo>1</userInfo>");
  REQUIRE(user.publish("b", says(online, "<userInfo>2</userInfo>"), start));
  CHECK(user.sign_out("a"));
  CHECK(user.sign_out("b"));
  CHECK(user.aggregate(start).user_info == "<userInfo>2</userInfo>");
  const Presentity restarted("sip:alice@example.com", {}, user.user_info());
  CHECK(restarted.aggregate(start).user_info == "<userInfo>2</userInfo>");
}

TEST_CASE("a device that does not publish in time turns offline") {
  Presentity user = alice();
  REQUIRE(user.sign_in("a", Publishes::yes, start));
  CHECK(user.next_change(start) == start + 5min);
  const Aggregate waiting = user.aggregate(start + 5min - 1ns);
  CHECK(waiting.state == connected);
  CHECK(waiting.epid == "a");
  CHECK(waiting.devices.empty());
  CHECK(user.aggregate(start + 5min) == alice().aggregate(start));
  CHECK(user.next_change(start + 5min) == never);

  REQUIRE(user.publish("a", says(busy), start + 10min));
  CHECK(user.aggregate(start + 24h).state == busy);
  CHECK(user.next_change(start + 10min) == never);
}

TEST_CASE(
    "what a device published before it signed in anew stands until it should have published") {
  Presentity user = alice();
  REQUIRE(user.sign_in("a", Publishes::yes, start));
  REQUIRE(user.publish("a", says(busy), start));
  REQUIRE(user.sign_in("a", Publishes::yes, start + 1h));
  CHECK(user.aggregate(start + 1h).state == busy);
  CHECK(user.next_change(start + 1h) == start + 1h + 5min);
  CHECK(user.aggregate(start + 1h + 5min).state == State{});
  CHECK(user.aggregate(start + 1h + 5min).devices.empty());
  REQUIRE(user.publish("a", says(away), start + 2h));
  CHECK(user.aggregate(start + 3h).state == away);
}

TEST_CASE("a device that never publishes is connected for as long as it is signed in") {
  Presentity user = alice();
  REQUIRE(user.sign_in("f0", Publishes::no, start));
  CHECK(user.next_change(start) == never);
  CHECK(user.aggregate(start + 24h).state == connected);
  REQUIRE(user.publish("a", says({{100}, {400}}), start));
  CHECK(user.aggregate(start).epid == "f0");
  REQUIRE(user.publish("a", says(away), start));
  CHECK(user.aggregate(start).epid == "a");
}

TEST_CASE("how long a device may wait, and what is shown meanwhile, is up to the server") {
  const Policy policy{.publish_within = 3min, .until_published = {}};
  Presentity user = alice();
  REQUIRE(user.sign_in("a", Publishes::yes, start));
  REQUIRE(user.sign_in("b", Publishes::yes, start + 1min));
  CHECK(user.aggregate(start, policy).state == State{});
  CHECK(user.next_change(start, policy) == start + 3min);
  CHECK(user.next_change(start + 3min, policy) == start + 4min);
}

TEST_CASE("SIP-PRES-05: a publication for somebody else is refused, and changes nothing") {
  Presentity user = alice();
  Publication other = says(online, "<userInfo/>");
  other.uri = "sip:bob@example.com";
  CHECK(user.publish("a", other, start).error() ==
        Error{.fault = Fault::forbidden, .where = "presentity"});
  CHECK(user.aggregate(start) == alice().aggregate(start));
  other.uri = "sip:ALICE@example.com:5060";
  CHECK(user.publish("a", other, start));
}

TEST_CASE("SIP-PRES-27: a device is named by an epid") {
  Presentity user = alice();
  for (const std::string_view bad : {"", "xyz", "00112233445566778"}) {
    CHECK(user.sign_in(bad, Publishes::yes, start).error() ==
          Error{.fault = Fault::malformed, .where = "epid"});
    CHECK(user.publish(bad, says(online), start).error().fault == Fault::malformed);
  }
  CHECK(user.devices() == 0);
}

TEST_CASE("a user has at most so many devices") {
  const Limits limits{.devices_max = 2};
  Presentity user = alice();
  REQUIRE(user.sign_in("a", Publishes::yes, start, limits));
  REQUIRE(user.publish("b", says(online), start, limits));
  const Error refused{.fault = Fault::too_many, .where = "devices"};
  CHECK(user.sign_in("c", Publishes::yes, start, limits).error() == refused);
  CHECK(user.publish("c", says(busy, "<userInfo/>"), start, limits).error() == refused);
  CHECK(user.user_info().empty());
  CHECK(user.devices() == 2);
  CHECK(user.sign_in("b", Publishes::yes, start, limits));
}

TEST_CASE("SIP-PRES-33: who may not look is shown somebody offline, with nothing that he says") {
  Presentity user = alice();
  REQUIRE(user.publish("a", says(busy, "<userInfo>1</userInfo>"), start));
  CHECK(as_offline(user.aggregate(start)) == alice().aggregate(start));
}

TEST_CASE("what is shown is equal when nothing but time has passed") {
  Presentity user = alice();
  REQUIRE(user.publish("a", says(busy), start));
  CHECK(user.aggregate(start) == user.aggregate(start + 1h));
  Presentity moved = user;
  REQUIRE(moved.publish("a", says(online), start + 1h));
  CHECK(user.aggregate(start + 1h) != moved.aggregate(start + 1h));
}

}  // namespace
}  // namespace kith::presence
