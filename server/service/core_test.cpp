#include "server/service/core.h"

#include <doctest/doctest.h>

#include <string>

#include "kith/auth/limits.h"
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
  CHECK(one.house.forgotten.size() == 2);
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
  REQUIRE_FALSE(house.logs.empty());
  CHECK(house.logs.back().error == "Digest: wrong user name or password");
  CHECK(house.logs.back().flow == wrong.flow);
  CHECK(unknown.sign_in().status() == 401);
  CHECK(house.logs.back().error.ends_with("; there is no user nobody@example.com"));
}

TEST_CASE("the log alone says why a right password is no use") {
  House house;
  for (const char* user : {"alice", "bob"}) house.add_user(user);
  house.records.at(House::aor("alice")).account->enabled = false;
  house.records.at(House::aor("bob")).account->ha1_md5 = {};
  house.records.at(House::aor("bob")).account->ha1_sha256 = {};
  for (const auto& [user, why] : {std::pair{"alice", "; alice@example.com is disabled"},
                                  std::pair{"bob", "; bob@example.com has no password"}}) {
    Messenger device(house, user, "", Login::digest);
    CHECK(device.sign_in().status() == 401);
    CHECK(house.logs.back().error.ends_with(why));
  }
  Messenger borrowed(house, "carol", "", Login::digest);
  borrowed.authenticator =
      auth::ClientAuthenticator(auth::ClientLogin{.username = "alice@example.com",
                                                  .password = crypto::Secret(std::string("secret")),
                                                  .kerberos = nullptr});
  CHECK(borrowed.sign_in().status() == 401);
  CHECK(house.logs.back().error.ends_with(
      "; the user name is alice@example.com, but From is carol@example.com"));
  house.settings.domains = {"other.example"};
  CHECK(Messenger(house, "alice", "", Login::digest).sign_in().status() == 401);
  CHECK(house.logs.back().error.ends_with("; example.com is no domain of this server"));
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

TEST_CASE("what is wrong with a request outside every list has its answer, and is named") {
  House house;
  house.add_user("alice");
  Messenger device(house, "alice", "7f3a91c204");
  for (const char* from : {"<tel:+15550199>;tag=1", "<sip:>;tag=1", "alice;tag=1", "", "<"}) {
    CAPTURE(from);
    sip::Message request = device.request("SERVICE");
    request.set("From", from);
    CHECK(house.ask(device.flow, request)->status() == 400);
  }
  CHECK(house.core.statistics().users == 0);

  REQUIRE(device.sign_in().status() == 200);
  struct Wrong {
    std::string_view method;
    std::string_view header;
    std::string_view value;
    int status;
    std::string_view says;
    std::string_view what;
  };
  for (const Wrong& each : {
           Wrong{"PUBLISH", "", "", 405, "Allow", "REGISTER, SUBSCRIBE, SERVICE, OPTIONS"},
           Wrong{"OPTIONS", "Require", "100rel", 420, "Unsupported", "100rel"},
           Wrong{"OPTIONS", "Proxy-Require", "x-other", 420, "Unsupported", "x-other"},
           Wrong{"SUBSCRIBE", "Event", "presence", 489, "Allow-Events",
                 "vnd-microsoft-roaming-contacts"},
           Wrong{"SUBSCRIBE", "", "", 489, "Allow-Events", "vnd-microsoft-roaming-contacts"},
       }) {
    CAPTURE(each.method);
    CAPTURE(each.value);
    sip::Message request = device.request(each.method);
    if (!each.header.empty()) request.add(each.header, each.value);
    const sip::Message response = device.send(request);
    CHECK(response.status() == each.status);
    CHECK(response.text(each.says) == each.what);
  }
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

TEST_CASE("the 503 to a request with a long body names it: held_body_bytes_max") {
  Signed one;
  one.house.disk = Disk::when_told;
  sip::Message adding = one.adding("bob", 1);
  const std::string body(adding.body());
  adding.set_body(soap::content_type, body + std::string(limits::held_body_bytes_max, ' '));
  const ua::TransactionId asked = one.device.post(adding);
  one.house.commit(store::Commit::refused);
  const std::optional<sip::Message> later = one.house.response(asked);
  REQUIRE(later);
  CHECK(later->status() == 503);
  CHECK(later->text("Call-ID") == adding.text("Call-ID"));
  CHECK(later->text("Via") == adding.text("Via"));
  CHECK(one.device.authenticator.check(*later, one.house.now).acceptable());
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
  // At once, and held no longer than that: a device that goes on asking fills nothing.
  CHECK(one.house.response(one.house.last_transaction())->status() == 503);
  CHECK(one.house.core.statistics().held == limits::held_per_user_max);
  while (!one.house.commits.empty()) one.house.commit(store::Commit::done);
  CHECK(one.house.core.is_quiet());
}

TEST_CASE("what waits for a user to be loaded is bounded: waiting_per_user_max") {
  House house;
  house.add_user("alice");
  Messenger device(house, "alice", "7f3a91c204");
  sip::Message request = device.request("OPTIONS");
  request.add("Authorization", "Kerberos opaque=\"0\"");
  constexpr std::uint64_t before = 1000;
  for (std::uint64_t i = 0; i <= limits::waiting_per_user_max; ++i)
    house.core.receive({ua::TransactionId{before + i}, device.flow}, request, house.now);
  house.pump();  // the user is loaded only now
  CHECK(house.loads == 1);
  for (std::uint64_t i = 0; i < limits::waiting_per_user_max; ++i)
    REQUIRE(house.response(ua::TransactionId{before + i})->status() == 401);
  const auto last = house.response(ua::TransactionId{before + limits::waiting_per_user_max});
  REQUIRE(last);
  CHECK(last->status() == 503);
  CHECK(last->has("Retry-After"));
}

TEST_CASE("a user who could not be read again is read once more after load_again_after") {
  Signed one;
  one.house.disk = Disk::when_told;
  one.device.post(one.adding("bob", 1));
  one.house.disk_reads = false;
  one.house.commit(store::Commit::refused);
  const std::size_t loads = one.house.loads;
  one.house.pass(limits::load_again_after - 1ms);
  CHECK(one.house.loads == loads);
  one.house.disk_reads = true;
  one.house.pass(1ms);
  CHECK(one.house.loads == loads + 1);
  one.house.disk = Disk::at_once;
  CHECK(one.device.send(one.adding("bob", 1)).status() == 200);
}

TEST_CASE("SIP-AUTH-54: so it is when the association has outlived the user in memory") {
  Signed one;
  CHECK(one.device.refresh("0").status() == 200);
  const sip::Aor alice = House::aor("alice");
  one.house.core.flow_closed(one.device.flow, one.house.now);
  one.house.pass(limits::idle_user_lifetime + 2s);
  REQUIRE_FALSE(one.house.core.user(alice));
  one.house.disk_reads = false;
  const ua::TransactionId asked = one.device.post(one.adding("carol", 1));
  const std::optional<sip::Message> later = one.house.response(asked);
  REQUIRE(later);
  CHECK(later->status() == 503);
  CHECK(one.device.authenticator.check(*later, one.house.now).acceptable());
}

TEST_CASE("bindings that the disk refuses are told to the log") {
  House house;
  house.add_user("alice");
  Messenger device(house, "alice", "7f3a91c204");
  house.disk = Disk::when_told;
  CHECK(device.sign_in().status() == 200);
  REQUIRE(house.commits.size() == 1);
  const std::size_t logs = house.logs.size();
  house.commit(store::Commit::refused);
  REQUIRE(house.logs.size() == logs + 1);
  CHECK(house.logs.back().event == "bindings not stored");
  CHECK(house.logs.back().aor == House::aor("alice"));
}

TEST_CASE("SIP-AUTH-54: the 503 to a device is signed while its user cannot be read") {
  Signed one;
  one.house.disk = Disk::when_told;
  one.device.post(one.adding("bob", 1));
  one.house.disk_reads = false;
  one.house.commit(store::Commit::refused);
  const ua::TransactionId asked = one.device.post(one.adding("carol", 1));
  CHECK_FALSE(one.house.response(asked));
  one.house.pass(limits::load_again_after);
  const std::optional<sip::Message> later = one.house.response(asked);
  REQUIRE(later);
  CHECK(later->status() == 503);
  CHECK(later->has("Authentication-Info"));
  CHECK(one.device.authenticator.check(*later, one.house.now).acceptable());
}

TEST_CASE("made-up names do not fill the memory: strangers_max") {
  House house;
  Messenger device(house, "alice", "7f3a91c204");
  sip::Message request = device.request("OPTIONS");
  for (std::size_t i = 0; i < limits::strangers_max + 10; ++i) {
    request.set("From", "<sip:nobody" + std::to_string(i) + "@example.com>;tag=1");
    REQUIRE(house.ask(device.flow, request)->status() == 401);
  }
  CHECK(house.core.statistics().users == limits::strangers_max);
  house.pass(limits::idle_user_lifetime + 2s);
  CHECK(house.core.statistics().users == 0);
}

TEST_CASE("an association ends with its account, though the user is not in memory") {
  enum class Account { removed, removed_unheard, disabled_unheard };
  for (const Account account :
       {Account::removed, Account::removed_unheard, Account::disabled_unheard}) {
    Signed one;
    one.house.core.flow_closed(one.device.flow, one.house.now);
    one.house.pass(limits::idle_user_lifetime + 2s);
    REQUIRE(one.house.core.statistics().users == 0);
    REQUIRE(one.house.core.statistics().associations == 1);
    if (account == Account::disabled_unheard)
      one.house.records.at(House::aor("alice")).account->enabled = false;
    else
      one.house.records.erase(House::aor("alice"));
    if (account == Account::removed)
      one.house.core.account_changed(House::aor("alice"), one.house.now);
    const ua::TransactionId asked = one.device.post(one.adding("bob", 1));
    REQUIRE(one.house.response(asked));
    CHECK(one.house.response(asked)->status() == 401);
    CHECK(one.house.core.statistics().associations == 0);
  }
}

TEST_CASE("bindings that an account's change removed do not come back from disk") {
  House house;
  house.add_user("alice");
  store::Binding stored;
  stored.device = "contact:sip:alice@192.0.2.7";
  stored.contact = "<sip:alice@192.0.2.7>";
  stored.expires = house.now + 3600s;
  house.records.at(House::aor("alice")).bindings.push_back(stored);
  Messenger device(house, "alice", "7f3a91c204");
  REQUIRE(device.sign_in().status() == 200);
  REQUIRE(house.core.statistics().devices == 2);
  house.core.account_changed(House::aor("alice"), house.now);
  house.pump();  // the record is read while the removal is still on its way
  CHECK(house.core.statistics().devices == 0);
}

TEST_CASE("bindings that expired while nobody looked are removed from disk") {
  House house;
  house.add_user("alice");
  store::Binding stored;
  stored.device = "epid:0badc0de";
  stored.expires = house.now - 1s;
  house.records.at(House::aor("alice")).bindings.push_back(stored);
  house.disk = Disk::when_told;
  Messenger device(house, "alice", "7f3a91c204");
  CHECK(house.ask(device.flow, device.request("OPTIONS"))->status() == 401);
  CHECK(house.core.statistics().devices == 0);
  REQUIRE(house.commits.size() == 1);
  CHECK(house.commits[0].lazily);
  const auto* const removed =
      std::get_if<store::RemoveBinding>(&house.commits[0].batch.writes.front());
  REQUIRE(removed);
  CHECK(removed->device == "epid:0badc0de");
}

TEST_CASE("handshakes of connections that closed meanwhile leave room for others") {
  House house;
  house.add_user("alice");
  for (std::uint64_t i = 0; i <= auth::limits::handshakes_per_source_max; ++i) {
    Messenger gone(house, "alice", "0a" + std::to_string(i));
    sip::Message request = gone.request("REGISTER");
    const std::optional<sip::Message> challenge = house.ask(gone.flow, request);
    REQUIRE(challenge);
    REQUIRE(gone.authenticator.challenged(request, *challenge, house.now));
    gone.authenticator.authorize(request, house.now, house.random);
    house.core.receive({ua::TransactionId{5000 + i}, gone.flow}, request, house.now);
    house.core.flow_closed(gone.flow, house.now);
    house.pump();
  }
  Messenger device(house, "alice", "7f3a91c204");
  CHECK(device.sign_in().status() == 200);
  CHECK(house.core.statistics().associations == 1);
}

TEST_CASE("SIP-CONT-09: a step that came from elsewhere is nobody's own") {
  Signed one;
  REQUIRE(one.device.send(one.adding("bob", 1)).status() == 200);
  REQUIRE(one.house.records.at(House::aor("alice"))
              .list.add_group("imported", {}, one.house.settings.list));
  one.house.core.account_changed(House::aor("alice"), one.house.now);
  one.house.pump();
  REQUIRE(one.device.sign_in().status() == 200);
  CHECK(one.device.send(one.adding("carol", 2)).status() == 409);
  CHECK(one.device.send(one.adding("carol", 3)).status() == 200);
}

TEST_CASE("SIP-BEN-07: the last BENOTIFY of a subscription is not awaited either") {
  Signed one;
  sip::Message subscribe = one.device.request("SUBSCRIBE");
  subscribe.add("Event", "vnd-microsoft-roaming-contacts");
  subscribe.add("Supported", "ms-benotify");
  subscribe.add("Proxy-Require", "ms-benotify");
  subscribe.add("Expires", "600");
  REQUIRE(one.device.send(subscribe).status() == 200);
  one.house.pass(601s);
  REQUIRE_FALSE(one.house.told.empty());
  const House::Told& last = one.house.told.back();
  CHECK(last.message.method() == "BENOTIFY");
  CHECK(last.message.text("subscription-state") == "terminated;reason=timeout");
  CHECK(last.message.text("Contact") == "<sip:lcs.example.com:5060;transport=tcp>");
  CHECK_FALSE(last.with_transaction);
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

TEST_CASE("SIP-BEN-07: no answer to a BENOTIFY is awaited") {
  Signed one;
  REQUIRE(one.device.send(one.adding("bob", 1)).status() == 200);
  REQUIRE(one.house.told.size() == 1);
  CHECK(one.house.told[0].message.method() == "BENOTIFY");
  CHECK_FALSE(one.house.told[0].with_transaction);
}

TEST_CASE("RFC 6665 §4.2.2: a NOTIFY that is answered 481 ends its subscription, no other does") {
  House house;
  house.add_user("alice");
  Messenger device(house, "alice", "7f3a91c204");
  REQUIRE(device.sign_in().status() == 200);
  REQUIRE(device.subscribe(Extensions::none).status() == 200);
  REQUIRE(house.told.size() == 1);
  CHECK(house.told[0].with_transaction);
  const NotifyRef ref = house.told[0].ref;
  house.core.answered(ref, 500, house.now);
  CHECK(house.core.user(House::aor("alice"))->subscriptions == 1);
  house.core.answered(ref, 481, house.now);
  CHECK(house.core.user(House::aor("alice"))->subscriptions == 0);
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
