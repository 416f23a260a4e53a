#include "server/admin/admin.h"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

#include "kith/auth/scheme/digest.h"
#include "kith/net/clock.h"
#include "server/admin/limits.h"
#include "server/admin/locked_store.h"
#include "server/store/limits.h"
#include "server/store/memory/memory_store.h"

using namespace kith;
using namespace kith::admin;

namespace {

struct World {
  store::MemoryStore store;
  std::vector<std::string> changed;
  std::vector<std::string> halted;
  int drains = 0;
  ServerStatus told;
  std::optional<service::UserView> in_memory;

  Admin admin() {
    return Admin({.domains = {"example.com"}, .digest_realm = "example.com"}, store);
  }
  Admin with_server() {
    return Admin(
        {.domains = {"example.com"}, .digest_realm = "example.com"}, store,
        Running{.status = [this] { return told; },
                .user = [this](const sip::Aor&) { return in_memory; },
                .account_changed = [this](const sip::Aor& aor) { changed.push_back(aor.value); },
                .drain = [this] { ++drains; },
                .halt = [this](std::string why) { halted.push_back(std::move(why)); }});
  }
  const store::Account& account(const std::string& aor) {
    return store.users().find(aor)->second.account.value();
  }
};

Request request(std::string command, std::string user = {}) {
  Request made;
  made.command = std::move(command);
  made.user = std::move(user);
  return made;
}

Request add(std::string user, std::vector<std::string> principals = {"alice@EXAMPLE.COM"}) {
  Request made = request("user add", std::move(user));
  made.principals = std::move(principals);
  return made;
}

Request with_password(Request made, std::string password) {
  made.password = crypto::Secret(std::move(password));
  return made;
}

}  // namespace

TEST_CASE("an account is added with its principals and without a password") {
  World world;
  Request made = add("sip:Alice@Example.com");
  made.name = "Alice";
  CHECK(world.admin().run(made).code == Code::done);
  const store::Account& account = world.account("alice@example.com");
  CHECK(account.principals == std::vector<std::string>{"alice@EXAMPLE.COM"});
  CHECK(account.display_name == "Alice");
  CHECK(account.ha1_md5.empty());
  CHECK(account.enabled);
}

TEST_CASE("what nobody can sign in with is stored, and said to be of no use") {
  World world;
  const auto admin = [&](bool kerberos, bool digest) {
    return Admin({.domains = {"example.com"},
                  .digest_realm = "example.com",
                  .kerberos = kerberos,
                  .digest = digest},
                 world.store);
  };
  const Answer ticket = admin(false, true).run(add("alice@example.com"));
  CHECK(ticket.code == Code::done);
  CHECK(ticket.text.contains("but auth.kerberos is false"));
  const Request with = with_password(add("bob@example.com", {}), "secret");
  CHECK(admin(true, false).run(with).text.contains("but auth.digest is false"));
  const Request changed = with_password(request("user passwd", "bob@example.com"), "other");
  CHECK(admin(true, false).run(changed).text.contains("but auth.digest is false"));
  CHECK_FALSE(admin(false, true).run(changed).text.contains("but"));
  CHECK_FALSE(admin(true, false).run(add("carol@example.com", {"c@C"})).text.contains("but"));
}

TEST_CASE("who has an address or a principal already is named") {
  World world;
  REQUIRE(world.admin().run(add("alice@example.com")).code == Code::done);
  const Answer again = world.admin().run(add("alice@example.com", {"other@B"}));
  CHECK(again.code == Code::no);
  CHECK(again.text.starts_with("alice@example.com exists already"));
  const Answer taken = world.admin().run(add("bob@example.com"));
  CHECK(taken.code == Code::no);
  CHECK(taken.text.contains("alice@EXAMPLE.COM belongs to alice@example.com"));
  REQUIRE(world.admin().run(add("bob@example.com", {"bob@B"})).code == Code::done);
  Request principal = request("user principal add", "bob@example.com");
  principal.principals = {"alice@EXAMPLE.COM"};
  CHECK(world.admin().run(principal).text.contains("belongs to alice@example.com"));
}

TEST_CASE("a password is kept as its verifiers, for the address of record and the realm") {
  World world;
  const Answer answer = world.admin().run(with_password(add("alice@example.com", {}), "secret"));
  CHECK(answer.code == Code::done);
  const store::Account& account = world.account("alice@example.com");
  const crypto::Secret password("secret");
  CHECK(account.digest_realm == "example.com");
  CHECK(account.ha1_md5 ==
        auth::digest_ha1(auth::DigestAlgorithm::md5, "alice@example.com", "example.com", password));
  CHECK(account.ha1_sha256 == auth::digest_ha1(auth::DigestAlgorithm::sha256, "alice@example.com",
                                               "example.com", password));
  CHECK_FALSE(write(answer).contains("secret"));
}

TEST_CASE("an NT hash is kept of passwords that are set while NTLM is offered, and of no others") {
  World world;
  const auto admin = [&](bool ntlm) {
    return Admin(
        {.domains = {"example.com"}, .digest_realm = "example.com", .digest = false, .ntlm = ntlm},
        world.store);
  };
  const Answer added = admin(true).run(with_password(add("alice@example.com", {}), "Password"));
  CHECK_FALSE(added.text.contains("but"));
  const store::Account& account = world.account("alice@example.com");
  CHECK(account.nt_hash == crypto::Secret("a4f49c406510bdcab6824ee7c30fd852"));
  CHECK(admin(true).run(request("user list", {})).text.contains("NTLM"));
  admin(true).run(with_password(request("user passwd", "alice@example.com"), "\xff"));
  CHECK(world.account("alice@example.com").nt_hash.empty());
  admin(true).run(with_password(request("user passwd", "alice@example.com"), "Password"));
  CHECK_FALSE(world.account("alice@example.com").nt_hash.empty());
  admin(false).run(with_password(request("user passwd", "alice@example.com"), "other"));
  CHECK(world.account("alice@example.com").nt_hash.empty());
  CHECK_FALSE(admin(false).run(request("user list", {})).text.contains("NTLM"));
}

TEST_CASE("an account that nobody could use, or of another domain, is refused") {
  struct Case {
    Request request;
    Code code;
    std::string_view named;
  };
  const Case cases[]{
      {add("alice"), Code::usage, "alice@example.com"},
      {add("alice@"), Code::usage, "no address of record"},
      {add("alice@example.com", {}), Code::usage, "cannot sign in"},
      {add("alice@example.com", {"alice"}), Code::usage, "with its realm"},
      {add("alice@example.com", {"@EXAMPLE.COM"}), Code::usage, "with its realm"},
      {add("alice@example.org"), Code::no, "not a domain of this server"},
      {with_password(add("alice@example.com"), ""), Code::usage, "empty"},
      {with_password(add("alice@example.com"), std::string(limits::password_bytes_max + 1, 'x')),
       Code::usage, "longer than"},
      {add("alice@example.com", {"a@B", "a@B"}), Code::no, "twice"},
      {add("alice@example.com",
           std::vector<std::string>(store::principals_per_account_max + 1, "a@B")),
       Code::no, ""},
  };
  for (const Case& each : cases) {
    World world;
    const Answer answer = world.with_server().run(each.request);
    CHECK_MESSAGE(answer.code == each.code, answer.text);
    CHECK_MESSAGE(answer.text.contains(each.named), answer.text);
    CHECK(answer.result.text("error") == answer.text);
    CHECK(world.store.users().empty());
    CHECK(world.changed.empty());
  }
}

TEST_CASE("the same account or principal twice is refused") {
  World world;
  REQUIRE(world.admin().run(add("alice@example.com")).code == Code::done);
  CHECK(world.admin().run(add("alice@example.com", {"b@B"})).code == Code::no);
  CHECK(world.admin().run(add("bob@example.com")).code == Code::no);
}

TEST_CASE("after every change of an account the server is told, and only then") {
  World world;
  Admin admin = world.with_server();
  const std::string alice = "alice@example.com";
  CHECK(admin.run(add(alice)).code == Code::done);
  CHECK(admin.run(request("user list")).code == Code::done);
  CHECK(world.changed.size() == 1);
  CHECK(admin.run(with_password(request("user passwd", alice), "new")).code == Code::done);
  CHECK(admin.run(request("user disable", alice)).code == Code::done);
  CHECK_FALSE(world.account(alice).enabled);
  CHECK_FALSE(world.account(alice).ha1_md5.empty());
  CHECK(admin.run(request("user enable", alice)).code == Code::done);
  CHECK(world.account(alice).enabled);
  CHECK(admin.run(request("user remove", alice)).code == Code::done);
  CHECK(world.store.users().empty());
  CHECK(world.changed == std::vector<std::string>(5, alice));
}

TEST_CASE("principals are added and removed, and whoever is signed in signs in again") {
  World world;
  Admin admin = world.with_server();
  const std::string alice = "alice@example.com";
  REQUIRE(admin.run(add(alice)).code == Code::done);
  const auto principal = [&](std::string command, std::vector<std::string> principals) {
    Request made = request("user principal " + std::move(command), alice);
    made.principals = std::move(principals);
    return admin.run(made);
  };
  CHECK(principal("add", {"b@B", "c@C"}).code == Code::done);
  CHECK(world.account(alice).principals ==
        std::vector<std::string>{"alice@EXAMPLE.COM", "b@B", "c@C"});
  CHECK(principal("remove", {"alice@EXAMPLE.COM", "c@C"}).code == Code::done);
  CHECK(world.account(alice).principals == std::vector<std::string>{"b@B"});
  CHECK(world.changed.size() == 3);

  CHECK(principal("add", {}).code == Code::usage);
  CHECK(principal("remove", {}).code == Code::usage);
  CHECK(principal("add", {"bob"}).text.contains("with its realm"));
  CHECK(principal("add", {"b@B"}).text.contains("already"));
  CHECK(principal("add", {"d@D", "d@D"}).code == Code::no);
  CHECK(principal("remove", {"alice@EXAMPLE.COM"}).text.contains("kithctl user list"));
  CHECK(principal("remove", {"b@B"}).text.contains("set a password first"));
  CHECK(admin.run(add("bob@example.com", {"bob@B"})).code == Code::done);
  CHECK(principal("add", {"bob@B"}).code == Code::no);
  CHECK(world.account(alice).principals == std::vector<std::string>{"b@B"});
  CHECK(world.changed.size() == 4);
  CHECK(admin.run(with_password(request("user passwd", alice), "secret")).code == Code::done);
  CHECK(principal("remove", {"b@B"}).code == Code::done);
}

TEST_CASE("devices are shown as the server holds them, else as they are stored") {
  World world;
  Admin admin = world.with_server();
  REQUIRE(admin.run(add("alice@example.com")).code == Code::done);
  CHECK(admin.run(request("user devices", "alice@example.com")).text ==
        "no device of alice@example.com is signed in");
  const Time now = net::UtcClock::read().now();
  store::Binding stored;
  stored.device = "epid:01";
  stored.epid = "01";
  stored.instance = "urn:uuid:1";
  stored.contact = "<sip:192.0.2.1:5060>";
  stored.flow = "192.0.2.1:4711";
  stored.user_agent = "RTC/1.3.5369";
  stored.expires = now + 2h;
  store::Binding ended = stored;
  ended.device = "epid:02";
  ended.expires = now - 1s;
  world.store.commit(std::vector{store::Batch{
      sip::Aor{"alice@example.com"}, {store::PutBinding{stored}, store::PutBinding{ended}}}});
  const Answer on_disk = admin.run(request("user devices", "alice@example.com"));
  CHECK(
      on_disk.text.contains("epid 01  <sip:192.0.2.1:5060>  from 192.0.2.1:4711, for 1 h 59 min"));
  const auto& listed = std::get<json::Array>(on_disk.result.find("devices")->data);
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].text("instance") == "urn:uuid:1");
  CHECK(listed[0].text("user_agent") == "RTC/1.3.5369");
  CHECK(listed[0].number("expires_seconds") > 7000);
  CHECK(*listed[0].find("connected") == json::Value(false));

  service::UserView view{.known = true, .list = {}, .devices = {}, .subscriptions = 0};
  view.devices.push_back({.binding = stored, .flow = {}});
  view.devices[0].flow.id = 5;
  view.devices[0].binding.epid.clear();
  world.in_memory = std::move(view);
  const Answer held = admin.run(request("user devices", "alice@example.com"));
  CHECK(held.text.starts_with("urn:uuid:1  "));
  CHECK(*std::get<json::Array>(held.result.find("devices")->data)[0].find("connected") ==
        json::Value(true));
}

TEST_CASE("who is not there is not changed") {
  World world;
  for (const char* command :
       {"user remove", "user disable", "user enable", "user devices", "contacts"}) {
    const Answer answer = world.admin().run(request(command, "nobody@example.com"));
    CHECK(answer.code == Code::no);
    CHECK(answer.text.contains("there is no user nobody@example.com"));
  }
  CHECK(world.admin().run(with_password(request("user passwd", "nobody@example.com"), "x")).code ==
        Code::no);
  CHECK(world.admin().run(request("user passwd", "nobody@example.com")).code == Code::usage);
}

TEST_CASE("a full disk refuses changes, and status says so until there is room") {
  World world;
  Admin admin = world.with_server();
  world.store.refuse_commits(store::Cause::disk_full);
  CHECK(admin.run(add("alice@example.com")).code == Code::failed);
  const Answer full = admin.run(request("status"));
  CHECK(full.code == Code::no);
  CHECK(full.text.contains("changes are answered 503: The store was told to refuse."));
  CHECK(full.result.find("store")->text("cause") == store::to_string(store::Cause::disk_full));
  CHECK(*full.result.find("well") == json::Value(false));

  world.store.refuse_commits(store::Cause::none);
  CHECK(admin.run(add("alice@example.com")).code == Code::done);
  const Answer well = admin.run(request("status"));
  CHECK(well.code == Code::done);
  CHECK_FALSE(well.text.contains("NOT WELL"));
}

TEST_CASE("a list is shown as the server holds it, else as it is stored") {
  World world;
  Admin admin = world.with_server();
  REQUIRE(admin.run(add("alice@example.com")).code == Code::done);
  const Answer stored = admin.run(request("contacts", "alice@example.com"));
  CHECK(stored.result.number("version") == 1);
  CHECK(json::write(*stored.result.find("groups")) == R"([{"id":1,"name":"~","external_uri":""}])");
  CHECK(stored.result.find("devices") == nullptr);

  service::UserView view{.known = true, .list = {}, .devices = {}, .subscriptions = 2};
  contacts::Contact bob;
  bob.uri = "sip:bob@example.com";
  bob.name = "Bob";
  REQUIRE(view.list.set_contact(bob));
  world.in_memory = std::move(view);
  const Answer held = admin.run(request("contacts", "alice@example.com"));
  CHECK(held.result.number("version") == 2);
  CHECK(held.result.number("subscriptions") == 2);
  CHECK(json::write(*held.result.find("contacts"))
            .contains(R"({"uri":"sip:bob@example.com","name":"Bob","groups":[1])"));
  CHECK(held.text.contains("sip:bob@example.com"));
}

TEST_CASE("status tells what the server counts, and that shards do not answer") {
  World world;
  world.told.version = "1.2.3";
  world.told.uptime = 3725s;
  world.told.listeners = {"tcp:127.0.0.1:5060"};
  world.told.shards = 2;
  world.told.service.users = 7;
  world.told.network.received_size_bytes = 1500;
  world.told.network.overflows = 3;
  Admin admin = world.with_server();
  const Answer well = admin.run(request("status"));
  CHECK(well.code == Code::done);
  CHECK(well.text.contains("kithd 1.2.3, up for 1 h 2 min"));
  CHECK(well.result.find("server")->number("users") == 7);
  CHECK(well.text.contains("1.5 kB in, 0 bytes out, 0 connections taken, 3 cut off"));
  CHECK_FALSE(well.text.contains("datagrams"));
  CHECK(well.result.find("server")->find("network")->number("overflows") == 3);
  CHECK(well.result.find("server")->number("uptime_seconds") == 3725);
  world.told.shards_silent = 1;
  CHECK(admin.run(request("status")).code == Code::no);
}

TEST_CASE("drain needs a server; a backup needs a whole path; other commands are refused") {
  World world;
  CHECK(world.admin().run(request("drain")).code == Code::no);
  CHECK(world.with_server().run(request("drain")).code == Code::done);
  CHECK(world.drains == 1);
  Request backup = request("backup");
  backup.file = "here.db";
  CHECK(world.admin().run(backup).code == Code::usage);
  CHECK(world.admin().run(request("user")).code == Code::usage);
}

TEST_CASE("a listing names everybody, also beyond one page") {
  World world;
  std::vector<store::Batch> batches;
  for (std::size_t i = 0; i < store::accounts_in_page_max + 5; ++i) {
    const sip::Aor aor{"u" + std::to_string(i) + "@example.com"};
    store::Account account;
    account.aor = aor;
    batches.push_back({aor, {store::PutAccount{account}}});
  }
  world.store.commit(batches);
  const Answer answer = world.admin().run(request("user list"));
  CHECK(std::get<json::Array>(answer.result.find("users")->data).size() == batches.size());
}
