#include <doctest/doctest.h>

#include "kith/auth/limits.h"
#include "server/service/testing/house.h"

using namespace kith;
using namespace kith::service;
using namespace kith::service::testing;

namespace {

Settings with_ntlm() {
  Settings settings = House::default_settings();
  settings.realm.kerberos = false;
  settings.realm.ntlm = true;
  settings.realm.domain = "example.com";
  return settings;
}

struct Signed {
  House house{with_ntlm()};
  Messenger device{house, "alice", "7f3a91c204", Login::ntlm};
  Signed() {
    house.add_user("alice");
    REQUIRE(device.sign_in().status() == 200);
  }
};

}  // namespace

TEST_CASE("SIP-AUTH-54: over NTLM, answers and notifications are signed to the end") {
  Signed one;
  REQUIRE(one.device.subscribe().status() == 200);
  const sip::Message ok = one.device.add_contact("bob", 1);
  CHECK(ok.status() == 200);
  CHECK(ok.text("Authentication-Info").starts_with("NTLM rspauth=\"01000000"));
  const std::vector<sip::Message> heard = one.device.heard();
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].text("Authentication-Info").starts_with("NTLM "));
}

TEST_CASE("NTLM: a wrong password is refused while the right one stays signed in") {
  Signed one;
  Messenger wrong(one.house, "alice", "0101", Login::ntlm, "guess");
  CHECK(wrong.sign_in().status() == 401);
  CHECK(one.house.logs.back().error == "NTLM: wrong user name or password: alice@example.com");
  CHECK(one.device.subscribe().status() == 200);
}

TEST_CASE("NTLM: the log alone says why a right password is no use") {
  House house(with_ntlm());
  for (const char* user : {"alice", "bob"}) house.add_user(user);
  house.records.at(House::aor("alice")).account->enabled = false;
  house.records.at(House::aor("bob")).account->nt_hash = {};
  for (const auto& [user, why] :
       {std::pair{"alice", "; alice@example.com is disabled"},
        std::pair{"bob",
                  "; bob@example.com has no password since NTLM was switched on; kithctl "
                  "user passwd sets one"},
        std::pair{"carol", "; there is no user carol@example.com"}}) {
    Messenger device(house, user, "01", Login::ntlm);
    const sip::Message refused = device.sign_in();
    CHECK(refused.status() == 401);
    CHECK(refused.texts("WWW-Authenticate").size() == 3);  // as for a wrong password
    CHECK(house.logs.back().error.starts_with("NTLM: wrong user name or password: "));
    CHECK(house.logs.back().error.ends_with(why));
  }
}

TEST_CASE("NTLM: a new password ends the associations made with the old one") {
  Signed one;
  store::Account& account = *one.house.records.at(House::aor("alice")).account;
  account.nt_hash = crypto::Secret(std::string(32, '0'));
  one.house.core.account_changed(House::aor("alice"), one.house.now);
  one.house.pump();
  CHECK(one.house.core.statistics().associations == 0);
  Messenger again(one.house, "alice", "02", Login::ntlm);
  CHECK(again.sign_in().status() == 401);
}
