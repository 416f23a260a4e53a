#include "server/service/core.h"

#include <doctest/doctest.h>

#include <string>

#include "kith/contacts/format/roaming.h"
#include "kith/sip/header/authentication_info.h"
#include "kith/soap/operation/set_contact.h"
#include "server/service/limits.h"
#include "server/service/testing/house.h"

using namespace kith;
using namespace kith::service;
using namespace kith::service::testing;

namespace {

struct Signed {
  House house;
  Messenger device{house, "alice", "7f3a91c204"};
  Signed() {
    house.add_user("alice");
    REQUIRE(device.sign_in().status() == 200);
    REQUIRE(device.subscribe().status() == 200);
  }
  const contacts::List& list() const { return house.records.at(House::aor("alice")).list; }

  sip::Message adding(std::string_view user, std::uint32_t delta) {
    return device.service(soap::envelope(
        soap::SetContact{.contact = {.uri = "sip:" + std::string(user) + "@example.com",
                                     .name = {},
                                     .groups = {},
                                     .subscribed = true,
                                     .external_uri = {},
                                     .extension = {}},
                         .expected = contacts::Version{delta}}));
  }
};

std::string snum_of(const sip::Message& message) {
  const auto info = message.get<sip::AuthenticationInfo>();
  REQUIRE(info);
  REQUIRE(*info);
  return std::string((*info)->params.find("snum").value_or(""));
}

}  // namespace

TEST_CASE("SIP-AUTH-54, SIP-AUTH-55, SIP-AUTH-20: everything is signed, by one counter, in order") {
  Signed one;
  const sip::Message ok = one.device.send(one.adding("bob", 1));
  CHECK(ok.status() == 200);
  const std::vector<sip::Message> heard = one.device.heard();
  REQUIRE(heard.size() == 1);
  CHECK(std::stoi(snum_of(heard[0])) == std::stoi(snum_of(ok)) + 1);
  const sip::Message refused = one.device.send(one.adding("bob", 99));
  CHECK(refused.status() == 409);
  CHECK(std::stoi(snum_of(refused)) == std::stoi(snum_of(ok)) + 2);
  CHECK(one.device.send(one.device.request("PUBLISH")).status() == 405);
}

TEST_CASE("SIP-AUTH-40: an ACK or CANCEL without credentials is not answered") {
  House house;
  Messenger device(house, "alice", "7f3a91c204");
  CHECK_FALSE(house.ask(device.flow, device.request("ACK")));
  CHECK_FALSE(house.ask(device.flow, device.request("CANCEL")));
  CHECK(house.ask(device.flow, device.request("OPTIONS"))->status() == 401);
}

TEST_CASE("SIP-AUTH-32, SIP-AUTH-38: a forged and a replayed request are dropped in silence") {
  Signed one;
  sip::Message request = one.adding("bob", 1);
  one.device.authenticator.authorize(request, one.house.now, one.house.random);
  sip::Message forged = request;
  forged.set("Call-ID", "another");  // covered by the signature
  CHECK_FALSE(one.house.ask(one.device.flow, forged));
  CHECK(one.house.ask(one.device.flow, request)->status() == 200);
  CHECK_FALSE(one.house.ask(one.device.flow, request));
  CHECK(one.list().version() == contacts::Version{2});
}

TEST_CASE("SIP-AUTH-18: the epid of From selects the association") {
  Signed one;
  sip::Message request = one.adding("bob", 1);
  one.device.authenticator.authorize(request, one.house.now, one.house.random);
  request.set("From", "<sip:alice@example.com>;tag=1;epid=01010101");
  CHECK(one.house.ask(one.device.flow, request)->status() == 401);
}

TEST_CASE("an unknown user and a wrong password get the same answer") {
  House house;
  house.add_user("alice");
  Messenger wrong(house, "alice", "", Login::digest);
  wrong.authenticator =
      auth::ClientAuthenticator(auth::ClientLogin{.username = "alice@example.com",
                                                  .password = crypto::Secret(std::string("wrong")),
                                                  .kerberos = nullptr});
  Messenger unknown(house, "nobody", "", Login::digest);
  CHECK(wrong.sign_in().status() == 401);
  CHECK(unknown.sign_in().status() == 401);
}

TEST_CASE("Digest: what a plain client sends is authenticated, what it gets is not signed") {
  House house;
  house.add_user("alice");
  Messenger plain(house, "alice", "", Login::digest);
  const sip::Message ok = plain.sign_in();
  CHECK(ok.status() == 200);
  CHECK_FALSE(ok.has("Authentication-Info"));
  CHECK(plain.subscribe().status() == 200);
  CHECK(plain.add_contact("bob", 1).status() == 200);
  CHECK(plain.heard().size() == 1);
}

TEST_CASE("what is wrong with a request outside every list has its answer") {
  House house;
  house.add_user("alice");
  Messenger device(house, "alice", "7f3a91c204");
  sip::Message no_address = device.request("SERVICE");
  no_address.set("From", "<tel:+15550199>;tag=1");
  CHECK(house.ask(device.flow, no_address)->status() == 400);
}

// ---- Commit before speaking ---------------------------------------------------------------------

TEST_CASE("nothing leaves before it is on disk, and a user's outcomes leave in order") {
  Signed one;
  one.house.disk = Disk::when_told;
  const ua::TransactionId first = one.device.post(one.adding("bob", 1));
  const ua::TransactionId second = one.device.post(one.adding("carol", 2));
  const ua::TransactionId options = one.device.post(one.device.request("OPTIONS"));
  CHECK_FALSE(one.house.response(first));
  CHECK_FALSE(one.house.response(options));
  CHECK(one.device.heard().empty());
  CHECK_FALSE(one.house.core.is_quiet());
  one.house.commit(store::Commit::done);
  CHECK(one.house.response(first)->status() == 200);
  CHECK_FALSE(one.house.response(second));
  CHECK(one.device.heard().size() == 1);
  one.house.commit(store::Commit::done);
  CHECK(one.house.response(second)->status() == 200);
  CHECK(one.house.response(options)->status() == 200);
  CHECK(one.device.heard().size() == 1);
  CHECK(one.house.core.is_quiet());
  CHECK(one.list().contacts().size() == 2);
}

TEST_CASE("other users do not wait for the one whose write is under way") {
  Signed one;
  one.house.add_user("bob");
  Messenger bob(one.house, "bob", "0b0b0b0b");
  one.house.disk = Disk::when_told;
  one.device.post(one.adding("bob", 1));
  CHECK(bob.sign_in().status() == 200);
}

TEST_CASE("a refused write is answered 503, and so is what was decided after it") {
  Signed one;
  one.house.disk = Disk::when_told;
  const ua::TransactionId first = one.device.post(one.adding("bob", 1));
  const ua::TransactionId second = one.device.post(one.adding("carol", 2));
  const std::size_t loads = one.house.loads;
  one.house.commit(store::Commit::refused);
  CHECK(one.house.response(first)->status() == 503);
  CHECK(one.house.response(first)->has("Retry-After"));
  CHECK(one.house.response(second)->status() == 503);
  CHECK(one.house.loads == loads + 1);
  one.house.commit(store::Commit::refused);  // the second, which was on its way already
  const std::vector<sip::Message> heard = one.device.heard();
  REQUIRE(heard.size() == 1);  // it counted both: the full list
  const Result<contacts::List> list = contacts::roaming::parse_list(heard[0].body());
  REQUIRE(list);
  CHECK(list->version() == contacts::Version{1});
  CHECK(list->contacts().empty());
  one.house.disk = Disk::at_once;
  CHECK(one.device.send(one.adding("bob", 1)).status() == 200);
  CHECK_FALSE(one.house.logs.empty());
}

TEST_CASE("a subscription that was opened behind a refused write was never there") {
  Signed one;
  Messenger other(one.house, "alice", "01010101");
  REQUIRE(other.sign_in().status() == 200);
  one.house.disk = Disk::when_told;
  one.device.post(one.adding("bob", 1));
  sip::Message subscribe = other.request("SUBSCRIBE");
  subscribe.add("Event", "vnd-microsoft-roaming-contacts");
  const ua::TransactionId asked = other.post(subscribe);
  one.house.commit(store::Commit::refused);
  CHECK(one.house.response(asked)->status() == 503);
  CHECK(one.house.core.user(House::aor("alice"))->subscriptions == 1);
}

TEST_CASE("a commit that ends unknown stops the process, and nothing is answered") {
  Signed one;
  one.house.disk = Disk::when_told;
  const ua::TransactionId asked = one.device.post(one.adding("bob", 1));
  one.house.commit(store::Commit::unknown);
  CHECK(one.house.halts.size() == 1);
  CHECK_FALSE(one.house.response(asked));
}

TEST_CASE("a commit that takes longer than commit_patience is answered 503; the delta may follow") {
  Signed one;
  Messenger other(one.house, "alice", "01010101");
  REQUIRE(other.sign_in().status() == 200);
  REQUIRE(other.subscribe().status() == 200);
  one.house.disk = Disk::when_told;
  const ua::TransactionId asked = one.device.post(one.adding("bob", 1));
  one.house.pass(limits::commit_patience + 1s);
  CHECK(one.house.response(asked)->status() == 503);
  CHECK(other.heard().empty());
  one.house.commit(store::Commit::done);
  CHECK(other.heard().size() == 1);
  CHECK(one.device.heard().size() == 1);
}

TEST_CASE("what a user may have waiting is bounded: held_per_user_max") {
  Signed one;
  one.house.disk = Disk::when_told;
  for (std::uint32_t i = 1; i <= limits::held_per_user_max; ++i)
    one.device.post(one.adding("user" + std::to_string(i % 200), i));
  const std::size_t commits = one.house.commits.size();
  CHECK(commits == limits::held_per_user_max);
  one.device.post(one.adding("onemore", limits::held_per_user_max + 1));
  CHECK(one.house.commits.size() == commits);
  while (!one.house.commits.empty()) one.house.commit(store::Commit::done);
  CHECK(one.house.response(one.house.last_transaction())->status() == 503);
}

TEST_CASE("an account that changed ends associations, devices and subscriptions") {
  Signed one;
  one.house.core.account_changed(House::aor("alice"), one.house.now);
  one.house.pump();
  CHECK(one.house.core.statistics().associations == 0);
  CHECK(one.house.core.user(House::aor("alice"))->devices.empty());
  CHECK(one.house.core.user(House::aor("alice"))->subscriptions == 0);
  const std::vector<sip::Message> heard = one.device.heard();
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].text("subscription-state") == "terminated;reason=deactivated");
}

TEST_CASE("SIP-BEN-07: only a failed NOTIFY ends its subscription") {
  Signed one;
  REQUIRE(one.device.send(one.adding("bob", 1)).status() == 200);
  REQUIRE(one.house.told.size() == 1);
  CHECK_FALSE(one.house.told[0].with_transaction);  // BENOTIFY: nothing is awaited
  const NotifyRef ref = one.house.told[0].ref;
  one.house.core.answered(ref, 500, one.house.now);
  CHECK(one.house.core.user(House::aor("alice"))->subscriptions == 1);
  one.house.core.answered(ref, 481, one.house.now);
  CHECK(one.house.core.user(House::aor("alice"))->subscriptions == 0);
}

TEST_CASE("a user who has gone is forgotten: idle_user_lifetime") {
  House house;
  house.add_user("alice");
  Messenger plain(house, "alice", "", Login::digest);
  CHECK(plain.send(plain.request("OPTIONS")).status() == 200);
  CHECK(house.core.statistics().users == 1);
  house.pass(limits::idle_user_lifetime + 2s);
  CHECK(house.core.statistics().users == 0);
}
