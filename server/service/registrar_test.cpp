#include "server/service/registrar.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "kith/auth/endpoint.h"
#include "kith/sip/header/contact.h"
#include "server/service/limits.h"
#include "server/service/testing/house.h"

using namespace kith;
using namespace kith::service;
using namespace kith::service::testing;

namespace {

sip::Message registration(Messenger& device) {
  sip::Message message = device.request("REGISTER");
  message.set_request_uri("sip:example.com");
  return message;
}

struct One {
  House house;
  Messenger device{house, "alice", "7f3a91c204"};
  One() { house.add_user("alice"); }
};

std::size_t lines_of(const sip::Message& message, std::string_view line) {
  const std::string text = message.write();
  std::size_t count = 0;
  for (std::size_t at = text.find(line); at != std::string::npos; at = text.find(line, at + 1))
    ++count;
  return count;
}

}  // namespace

TEST_CASE("SIP-REG-06, SIP-AUTH-01, SIP-AUTH-39: a REGISTER is first challenged, then accepted") {
  One one;
  const std::optional<sip::Message> challenge =
      one.house.ask(one.device.flow, registration(one.device));
  REQUIRE(challenge);
  CHECK(challenge->status() == 401);
  CHECK(challenge->text("To").contains(";tag="));
  CHECK(challenge->has("Date"));  // SIP-AUTH-05
  CHECK(one.house.authenticated == 0);
  CHECK(one.house.core.user(House::aor("alice"))->devices.empty());
  CHECK(one.device.sign_in().status() == 200);
  CHECK(one.house.authenticated == 1);  // SIP-TRAN-16
  CHECK(one.house.core.user(House::aor("alice"))->devices.size() == 1);
}

TEST_CASE("SIP-REG-12, SIP-REG-13, SIP-AUTH-52: the 200 has what the real client needs") {
  One one;
  const sip::Message ok = one.device.sign_in();
  CHECK(ok.text("Expires") == "7200");
  CHECK(ok.text("Allow-Events") == "vnd-microsoft-roaming-contacts");
  CHECK(lines_of(ok, "\r\nSupported: adhoclist\r\n") == 1);
  CHECK(ok.text("Authentication-Info").starts_with("Kerberos "));
  CHECK(ok.text("presence-state") == "register-action=\"added\"");
  CHECK(ok.text("Event") == "registration");
}

TEST_CASE("SIP-TRAN-15, SIP-TRAN-14: keep-alive is negotiated where it is asked for") {
  One one;
  CHECK(one.device.sign_in().text("ms-keep-alive") ==
        "UAS; tcp=no; hop-hop=yes; end-end=no; timeout=300");
  CHECK_FALSE(one.device.send(registration(one.device)).has("ms-keep-alive"));
  sip::Message bad = registration(one.device);
  bad.add("ms-keep-alive", "hop-hop=yes");
  CHECK(one.device.send(bad).status() == 400);
  sip::Message twice = registration(one.device);
  twice.add("ms-keep-alive", "UAC");
  twice.add("ms-keep-alive", "UAC");
  CHECK(one.device.send(twice).status() == 400);  // SIP-TRAN-13
}

TEST_CASE("SIP-REG-05, SIP-REG-07: an Event other than registration is answered 489 and 4055") {
  One one;
  sip::Message message = registration(one.device);
  message.add("Event", "presence");
  const sip::Message response = one.device.send(message);
  CHECK(response.status() == 489);
  CHECK(response.text("ms-diagnostics").starts_with("4055;reason="));
  CHECK(one.house.core.user(House::aor("alice"))->devices.empty());
}

TEST_CASE("SIP-REG-07: without epid and instance a signing device is answered 400 and 4010") {
  One one;
  Messenger nameless(one.house, "alice", "");
  const sip::Message response = nameless.sign_in();
  CHECK(response.status() == 400);
  CHECK(response.text("ms-diagnostics").starts_with("4010;reason="));
}

TEST_CASE("SIP-REG-04: of each device it is known whether it supports presence") {
  One one;
  const auto knows_presence = [&] {
    return one.house.core.user(House::aor("alice"))->devices.front().knows_presence;
  };
  CHECK(one.device.sign_in().status() == 200);
  CHECK_FALSE(knows_presence());
  sip::Message telling = registration(one.device);
  telling.add("Supported", "gruu-10, com.microsoft.msrtc.presence");
  CHECK(one.device.send(telling).status() == 200);
  CHECK(knows_presence());
  CHECK(one.device.send(registration(one.device)).status() == 200);
  CHECK_FALSE(knows_presence());  // the newest registration counts
}

TEST_CASE("SIP-AUTH-42: devices of a user are told apart by epid") {
  One one;
  Messenger other(one.house, "alice", "01010101");
  CHECK(one.device.sign_in().status() == 200);
  const sip::Message ok = other.sign_in();
  CHECK(lines_of(ok, "\r\nContact: ") == 2);
  CHECK(one.house.core.user(House::aor("alice"))->devices.size() == 2);
}

TEST_CASE("SIP-REG-08, SIP-REG-09: a refresh is no new binding, and says nothing of added") {
  One one;
  CHECK(one.device.sign_in().has("presence-state"));
  one.house.pass(7000s);
  const sip::Message refreshed = one.device.send(registration(one.device));
  CHECK(refreshed.status() == 200);
  CHECK_FALSE(refreshed.has("presence-state"));
  one.house.pass(7000s);
  CHECK(one.house.core.user(House::aor("alice"))->devices.size() == 1);
  one.house.pass(201s);
  const std::optional<UserView> user = one.house.core.user(House::aor("alice"));
  CHECK((!user || user->devices.empty()));  // nobody is there: the user may be forgotten already
}

TEST_CASE("SIP-REG-14: Expires 0 removes the binding and the device's subscriptions") {
  One one;
  Messenger other(one.house, "alice", "01010101");
  for (Messenger* device : {&one.device, &other}) {
    REQUIRE(device->sign_in().status() == 200);
    REQUIRE(device->subscribe().status() == 200);
  }
  sip::Message off = registration(one.device);
  off.add("Expires", "0");
  const sip::Message ok = one.device.send(off);  // signed: send() has verified it
  CHECK(ok.status() == 200);
  CHECK(other.add_contact("bob", 1).status() == 200);
  CHECK(one.device.heard().empty());
  CHECK(other.heard().size() == 1);
  CHECK(one.house.core.statistics().associations == 1);
}

TEST_CASE("SIP-REG-14: a device that signs off has no subscription, though its binding expired") {
  One one;
  REQUIRE(one.device.sign_in().status() == 200);
  REQUIRE(one.device.subscribe().status() == 200);
  sip::Message brief = registration(one.device);
  brief.add("Expires", "60");
  REQUIRE(one.device.send(brief).status() == 200);
  one.house.pass(61s);
  REQUIRE(one.house.core.user(House::aor("alice"))->devices.empty());
  REQUIRE(one.house.core.user(House::aor("alice"))->subscriptions == 1);
  sip::Message off = registration(one.device);
  off.add("Expires", "0");
  CHECK(one.device.send(off).status() == 200);
  CHECK(one.house.core.user(House::aor("alice"))->subscriptions == 0);
}

TEST_CASE("a connection that breaks takes its device and subscriptions with it") {
  One one;
  Messenger other(one.house, "alice", "01010101");
  for (Messenger* device : {&one.device, &other}) {
    REQUIRE(device->sign_in().status() == 200);
    REQUIRE(device->subscribe().status() == 200);
  }
  one.house.core.flow_closed(one.device.flow, one.house.now);
  one.house.pump();
  CHECK(one.house.core.statistics().devices == 1);
  CHECK(other.add_contact("bob", 1).status() == 200);
  CHECK(one.device.heard().empty());
}

TEST_CASE("SIP-AUTH-43: an instance that does not belong to the epid is refused") {
  One one;
  sip::Message wrong = registration(one.device);
  wrong.set("Contact",
            "<sip:192.0.2.21:14010;transport=tcp>;+sip.instance=\"<urn:uuid:"
            "00000000-0000-5000-8000-000000000000>\"");
  CHECK(one.device.send(wrong).status() == 400);
  sip::Message right = registration(one.device);
  right.set("Contact", "<sip:192.0.2.21:14010;transport=tcp>;+sip.instance=\"<urn:uuid:" +
                           auth::instance_of_epid("7f3a91c204") + ">\"");
  const sip::Message ok = one.device.send(right);
  CHECK(ok.status() == 200);
  CHECK(ok.text("Contact").contains("+sip.instance=\"<urn:uuid:bb1eb26d-"));
}

TEST_CASE("RFC 3261 §10.2.2: a wildcard that cannot be is refused in words") {
  One one;
  sip::Message message = registration(one.device);
  message.set("Contact", "*");
  const sip::Message answer = one.device.send(message);
  CHECK(answer.status() == 400);
  CHECK(answer.reason().contains("Contact \"*\" stands alone"));
  CHECK(one.house.core.statistics().devices == 0);
}

TEST_CASE("RFC 3261 §8.1.1.8: a Contact where no dialog can go is refused in words") {
  for (const auto& [contact, why] :
       {std::pair{"", "Contact"}, std::pair{"<tel:+1-201-555-0123>", "neither a SIP nor a SIPS"}}) {
    CAPTURE(contact);
    One one;
    REQUIRE(one.device.sign_in().status() == 200);
    sip::Message message = one.device.request("SUBSCRIBE");
    message.add("Event", "vnd-microsoft-roaming-contacts");
    message.remove("Contact");
    if (*contact != '\0') message.add("Contact", contact);
    const sip::Message answer = one.device.send(message);
    CHECK(answer.status() == 400);
    CHECK(answer.reason().contains(why));
    CHECK(one.house.core.statistics().subscriptions == 0);
  }
}

TEST_CASE("SIP-AUTH-56: a REGISTER for somebody else is refused with 403") {
  One one;
  one.house.add_user("bob");
  REQUIRE(one.device.sign_in().status() == 200);
  sip::Message other = registration(one.device);
  other.set("To", "<sip:bob@example.com>");
  CHECK(one.device.send(other).status() == 403);
  Messenger thief(one.house, "bob", "0badc0de");
  auth::testing::HmacInitiator as_alice("alice@EXAMPLE.COM", one.house.random);
  thief.authenticator = auth::ClientAuthenticator(
      auth::ClientLogin{.username = {}, .password = {}, .kerberos = &as_alice});
  CHECK(thief.sign_in().status() == 403);
  const std::optional<UserView> bob = one.house.core.user(House::aor("bob"));
  CHECK((!bob || bob->devices.empty()));
}

TEST_CASE("RFC 3261 §10.3: plain clients have a binding for each Contact") {
  House house;
  house.add_user("alice");
  Messenger plain(house, "alice", "", Login::digest);
  sip::Message two = registration(plain);
  two.set("Contact", "<sip:alice@192.0.2.7>;expires=600, <sip:alice@192.0.2.8>;q=0.5");
  two.add("Expires", "900");
  const sip::Message ok = plain.send(two);
  CHECK(ok.status() == 200);
  const Result<std::vector<sip::Contact>> listed = ok.all<sip::Contact>();
  REQUIRE(listed);
  REQUIRE(listed->size() == 2);
  CHECK((*listed)[0].expires() == 600);
  CHECK((*listed)[1].expires() == 900);
  CHECK((*listed)[1].q() == sip::QValue{500});

  sip::Message query = registration(plain);
  query.remove("Contact");
  const sip::Message known = plain.send(query);
  CHECK(lines_of(known, "\r\nContact: ") == 2);
  CHECK_FALSE(known.has("Expires"));  // nothing was asked for that could end at once

  sip::Message everything = registration(plain);
  everything.set("Contact", "*");
  CHECK(plain.send(everything).status() == 400);
  everything.add("Expires", "0");
  everything.set("Call-ID", "another");
  CHECK(plain.send(everything).status() == 200);
  CHECK(house.core.user(House::aor("alice"))->devices.empty());
}

TEST_CASE("RFC 3261 §10.3: what is too brief is answered 423, what comes out of order 500") {
  House house;
  house.add_user("alice");
  Messenger plain(house, "alice", "", Login::digest);
  sip::Message brief = registration(plain);
  brief.add("Expires", "10");
  const sip::Message too_brief = plain.send(brief);
  CHECK(too_brief.status() == 423);
  CHECK(too_brief.text("Min-Expires") == "60");

  sip::Message first = registration(plain);
  CHECK(plain.send(first).status() == 200);
  CHECK(plain.send(first).status() == 500);  // the same Call-ID and CSeq
  sip::Message mixed = registration(plain);
  mixed.set("Contact", "*, <sip:alice@192.0.2.7>");
  CHECK(plain.send(mixed).status() == 400);
}

TEST_CASE("the number of devices of a user is bounded: bindings_per_user_max") {
  House house;
  house.add_user("alice");
  Messenger plain(house, "alice", "", Login::digest);
  for (std::size_t i = 0; i <= limits::bindings_per_user_max; ++i) {
    sip::Message each = registration(plain);
    each.set("Contact", "<sip:alice@192.0.2." + std::to_string(i + 1) + ">");
    CHECK(plain.send(each).status() == (i < limits::bindings_per_user_max ? 200 : 403));
  }
}
