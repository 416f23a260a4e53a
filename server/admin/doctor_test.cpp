#include "server/admin/doctor.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

#include "kith/net/clock.h"
#include "kith/net/test_certificate.h"
#include "server/admin/certificate.h"
#include "server/admin/kerberos.h"
#include "server/admin/refused_tickets.h"
#include "server/store/open.h"

using namespace kith;
using namespace kith::admin;

namespace {

struct Installation {
  net::TestFolder folder;
  net::TlsFiles tls{.certificate = folder.file("cert.pem"), .key = folder.file("key.pem")};

  std::filesystem::path configuration(const std::string& more,
                                      const std::string& database = "kith.db") const {
    std::filesystem::path file = folder.file("kith.toml");
    std::ofstream(file) << "[server]\ndomains = [\"example.com\"]\nhost = \"lcs.example.com\"\n"
                           "listen = [\"tcp:127.0.0.1:0\"]\n[storage]\ndatabase = \""
                        << folder.file(database) << "\"\n[admin]\nsocket = \""
                        << folder.file("admin.sock") << "\"\n"
                        << more;
    return file;
  }
  std::string tls_section() const {
    return "[tls]\ncertificate = \"" + tls.certificate + "\"\nkey = \"" + tls.key + "\"\n";
  }
};

const Check* find(const std::vector<Check>& checks, std::string_view name) {
  const auto found = std::ranges::find(checks, name, &Check::name);
  return found == checks.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("a machine on which a server could start is well") {
  const Installation here;
  write_test_certificate(here.tls);
  const auto checks = check(here.configuration(here.tls_section()));
  CHECK(all_well(checks));
  REQUIRE(find(checks, "database"));
  CHECK(find(checks, "database")->outcome == Check::Outcome::note);  // the first start makes it
  REQUIRE(find(checks, "certificate"));
  CHECK(find(checks, "certificate")->outcome == Check::Outcome::note);  // it ends in an hour
  CHECK(find(checks, "certificate")->sentence.contains("renew it"));
  const auto all = examine(here.configuration({}));
  CHECK(all_well(all));
  REQUIRE(find(all, "port"));
  CHECK(find(all, "port")->sentence.contains("is free"));
  CHECK(find(all, "server")->outcome == Check::Outcome::note);
}

TEST_CASE("accounts that cannot sign in are counted, with the remedy") {
  config::Config both;
  both.auth.kerberos = both.auth.digest = true;
  config::Config only_digest;
  config::Config only_kerberos;
  only_kerberos.auth.kerberos = true;
  only_kerberos.auth.digest = false;
  Answer users;
  users.result =
      *json::parse(R"({"users":[{"user":"alice@a","principals":["alice@A"],"password":false},)"
                   R"({"user":"bob@a","principals":[],"password":true}]})");
  CHECK(of_accounts(users, both).empty());
  const auto by_digest = of_accounts(users, only_digest);
  REQUIRE(by_digest.size() == 1);
  CHECK(by_digest[0].outcome == Check::Outcome::note);
  CHECK(by_digest[0].sentence.starts_with("1 user, as alice@a, cannot sign in"));
  const auto by_kerberos = of_accounts(users, only_kerberos);
  REQUIRE(by_kerberos.size() == 1);
  CHECK(by_kerberos[0].sentence.contains("bob@a"));
  CHECK(by_kerberos[0].sentence.contains("kithctl user principal add"));
  config::Config only_ntlm;
  only_ntlm.auth.ntlm = true;
  only_ntlm.auth.digest = false;
  const auto by_ntlm = of_accounts(users, only_ntlm);
  REQUIRE(by_ntlm.size() == 1);
  CHECK(by_ntlm[0].sentence.contains("2 users, as alice@a"));
  CHECK(by_ntlm[0].sentence.contains("kithctl user passwd"));
  users.result =
      *json::parse(R"({"users":[{"user":"bob@a","principals":[],"password":true,"ntlm":true}]})");
  CHECK(of_accounts(users, only_ntlm).empty());
  users.result = json::Object{};
  CHECK(of_accounts(users, only_kerberos).empty());
}

TEST_CASE("what is wrong is named with its remedy") {
  const Installation here;
  const auto nowhere = check(here.configuration({}, "missing/kith.db"));
  CHECK_FALSE(all_well(nowhere));
  CHECK(find(nowhere, "database")->sentence.contains("make it for the server's user"));
  const auto no_keytab = check(here.configuration("[auth]\nkerberos = true\nkeytab = \"" +
                                                  here.folder.file("none") + "\"\n"));
  REQUIRE(find(no_keytab, "keytab"));
  CHECK(find(no_keytab, "keytab")->outcome == Check::Outcome::failed);
  CHECK(find(no_keytab, "keytab")->sentence.contains(here.folder.file("none")));
  const auto no_certificate = check(here.configuration(here.tls_section()));
  CHECK(find(no_certificate, "certificate")->outcome == Check::Outcome::failed);
  const auto two_names = check(here.configuration(
      "[auth]\nkerberos = true\nprincipal = \"sip/other.example.com@EXAMPLE.COM\"\n"));
  REQUIRE(find(two_names, "principal"));
  CHECK(find(two_names, "principal")->sentence.contains("clients ask for sip/lcs.example.com"));
  CHECK_FALSE(all_well(check(here.folder.file("no.toml"))));
}

TEST_CASE("a keytab's keys are listed, and those that nobody asks for or that are old are named") {
  const auto found = [](const std::vector<KeytabEntry>& keys) {
    std::vector<std::string> all;
    for (const Check& each : of_keytab(keys, "/k")) {
      CHECK(each.name == "keytab");
      all.push_back((each.outcome == Check::Outcome::ok ? "ok " : "note ") + each.sentence);
    }
    return all;
  };
  const std::string lcs = "sip/lcs.example.com@EXAMPLE.COM";
  using Lines = std::vector<std::string>;
  CHECK(found({}).empty());
  CHECK(found({{lcs, 3, "aes256", true}, {lcs, 3, "aes128", true}}) ==
        Lines{"ok " + lcs + ", version 3: aes128, aes256"});
  CHECK(
      found({{lcs, 3, "aes256", true}, {lcs, 2, "rc4", true}, {lcs, 4, "aes256", true}}) ==
      Lines{"ok " + lcs + ", version 4: aes256",
            "note " + lcs +
                " has keys of older versions, from 2; when the tickets made with them have ended: "
                "kadmin ktremove -k /k " +
                lcs + " old"});
  CHECK(found({{"host/a@B", 1, "aes256", false}}) ==
        Lines{"note host/a@B, version 1: aes256; clients of this server do not ask for it: name it "
              "in auth.principal, or take it out: kadmin ktremove -k /k host/a@B all"});
}

TEST_CASE("a database that is damaged fails, also where it can be opened") {
  const Installation here;
  const auto file = here.configuration({});
  REQUIRE(store::open({.database = here.folder.file("kith.db"), .vfs = {}}));
  REQUIRE(find(examine(file), "integrity"));
  CHECK(find(examine(file), "integrity")->outcome == Check::Outcome::ok);
  CHECK_FALSE(find(check(file), "integrity"));  // a start does not wait for that
  // The last page, of an index, as a dying disk leaves it.
  std::fstream database(here.folder.file("kith.db"),
                        std::ios::in | std::ios::out | std::ios::binary);
  database.seekp(-4096, std::ios::end);
  database << std::string(64, '\xff');
  database.close();
  const auto checks = examine(file);
  REQUIRE(find(checks, "integrity"));
  CHECK(find(checks, "integrity")->outcome == Check::Outcome::failed);
  CHECK(find(checks, "integrity")->sentence.contains("restore a backup"));
}

TEST_CASE("a port that somebody uses is named") {
  const ListenAddress any{Transport::udp, Address::v4(127, 0, 0, 1, 0)};
  CHECK_FALSE(port_trouble(any));
  const ListenAddress foreign{Transport::tcp, Address::v4(192, 0, 2, 1, 5060)};
  REQUIRE(port_trouble(foreign));
  CHECK(port_trouble(foreign)->starts_with("cannot listen on tcp:192.0.2.1:5060: "));
}

TEST_CASE("what a running server says of itself is read from its troubles, not from its prose") {
  const auto sentences = [](const Answer& status) {
    std::vector<std::string> all;
    for (const Check& each : of_running(status, "/run/admin.sock", Time{}))
      all.push_back(std::string(each.outcome == Check::Outcome::ok ? "ok " : "failed ") +
                    each.sentence);
    return all;
  };
  using Lines = std::vector<std::string>;
  const json::Value well = json::Object{{"troubles", json::Array{}}};
  const json::Value bad = json::Object{{"troubles", json::Array{"no disk", "no shard"}}};
  CHECK(sentences({Code::done, "", well}) == Lines{"ok running on /run/admin.sock"});
  CHECK(sentences({Code::no, "whatever", bad}) == Lines{"failed no disk", "failed no shard"});
  // An answer of another version, or an error, has no such list.
  CHECK(sentences({Code::failed, "the server is odd", {}}) == Lines{"failed the server is odd"});
  CHECK(sentences({Code::no, "x", json::Object{{"troubles", "text"}}}) == Lines{"failed x"});
}

TEST_CASE("tickets that were refused lately are a failed check, older ones a note") {
  const auto outcome = [](Duration since_last) {
    const Refusals refusals{.kind = auth::AcceptFailure::Kind::clock_skew,
                            .count = 2,
                            .since_first = 3h,
                            .since_last = since_last,
                            .detail = "skew"};
    const json::Value result =
        json::Object{{"server", json::Object{{"refused_tickets", json::Array{json_of(refusals)}}}}};
    const auto checks = of_running({Code::done, "", result}, "/run/admin.sock", Time{});
    REQUIRE(find(checks, "tickets"));
    CHECK(find(checks, "tickets")->sentence.contains("both run NTP"));
    return find(checks, "tickets")->outcome;
  };
  CHECK(outcome(10s) == Check::Outcome::failed);
  CHECK(outcome(2h) == Check::Outcome::note);
}

TEST_CASE("a report has a line for each check, and is no where one failed") {
  const std::vector<Check> well{{Check::Outcome::ok, "disk", "9 GB free"},
                                {Check::Outcome::note, "dns", "not asked"}};
  CHECK(report(well).code == Code::done);
  CHECK(report(well).text == "ok      disk           9 GB free\nnote    dns            not asked");
  const std::vector<Check> bad{{Check::Outcome::failed, "port", "taken"}};
  CHECK(report(bad).code == Code::no);
  CHECK(report(bad).text == "failed  port           taken");
}

TEST_CASE("the end of a certificate is read from its file") {
  const Installation here;
  CHECK(certificate_end(here.tls.certificate).error().contains("cannot be read"));
  std::ofstream(here.tls.certificate) << "nothing";
  CHECK(certificate_end(here.tls.certificate).error().contains("no certificate in PEM form"));
  write_test_certificate(here.tls);
  const auto end = certificate_end(here.tls.certificate);
  REQUIRE(end);
  CHECK(*end > net::UtcClock::read().now());
  CHECK(*end <= net::UtcClock::read().now() + 1h);
}

TEST_CASE("the service's principal is the configured one, or made of the host's name") {
  config::Config config;
  CHECK(service_principal(config, "lcs.example.com") == "sip/lcs.example.com");
  config.auth.principal = "sip/other.example.com@EXAMPLE.COM";
  CHECK(service_principal(config, "lcs.example.com") == config.auth.principal);
  CHECK(principals_in("/nowhere.keytab").empty());
  CHECK(keytab_entries("/nowhere.keytab", "sip/lcs.example.com").empty());
  CHECK(check_keytab("/nowhere.keytab", "sip/lcs.example.com").error().contains("/nowhere.keytab"));
}
