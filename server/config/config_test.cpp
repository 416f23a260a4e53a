#include "server/config/config.h"

#include <doctest/doctest.h>

using namespace kith;
using namespace kith::config;

namespace {

std::string problems_of(std::string_view text) {
  const auto parsed = parse(text, "kith.toml");
  if (parsed) return {};
  std::string all;
  for (const Problem& each : parsed.error()) all += each.text() + "\n";
  return all;
}

}  // namespace

TEST_CASE("every key has a default but the domains") {
  const auto parsed = parse("[server]\ndomains = [\"example.com\"]\n", "kith.toml");
  REQUIRE(parsed);
  CHECK(parsed->registration.lifetime == 7200s);
  CHECK(parsed->auth.digest);
  CHECK_FALSE(parsed->auth.ntlm);
  CHECK_FALSE(parsed->auth.ntlm_plain);
}

TEST_CASE("what is written reads back the same") {
  Config config;
  config.server.domains = {"example.com", "east.example.com"};
  config.auth.realm = "a \"quoted\" \\ realm";
  config.network.message_timer = 7s;
  const std::string text = write(config);
  const auto parsed = parse(text, "kith.toml");
  REQUIRE(parsed);
  CHECK(parsed->auth.realm == config.auth.realm);
  CHECK(parsed->server.domains == config.server.domains);
  CHECK(write(*parsed) == text);
}

TEST_CASE("what is wrong is named with its line and the remedy") {
  const std::string domain = "[server]\ndomains = [\"example.com\"]\n";
  struct Case {
    std::string text;
    std::string_view named;
  };
  const Case cases[]{
      {"", "server.domains: name at least one domain"},
      {"[server]\ndomains = [\"Example.com\"]\n", "in lower case"},
      {domain + "[auth]\nkerberso = true\n",
       "kith.toml:4: unknown key auth.kerberso; did you mean auth.kerberos?"},
      {domain + "[auht]\nkerberos = 1\ndigest = 2\n",
       "kith.toml:3: unknown section [auht]; did you mean [auth]?\n"},
      {domain + "host = \"a b\"\n", "kith.toml:3: server.host: \"a b\" must be a name"},
      {"[server]\ndomains = [\"a b\"]\n", "kith.toml:2: server.domains: \"a b\""},
      {"[server]\ndomains = [\"a..b\"]\n", "in lower case"},
      {domain + "[auth]\nkerberos = 1\n", "auth.kerberos must be true or false"},
      {domain + "[auth]\nsignature_version = 5\n", "a whole number from 2 to 4"},
      {domain + "[auth]\ndigest = false\n", "nobody can sign in"},
      {domain + "[auth]\nntlm_domain = \"EXAMPLE.COM\"\n", "must be a short name"},
      {domain + "[auth]\nntlm_domain = \"SIXTEEN-LETTERS-\"\n", "must be a short name"},
      {domain + "[tls]\nkey = \"k.pem\"\n", "belong together"},
      {domain + "[tls]\nclient_certificates = \"on\"\n", "must be off, asked or required"},
      {domain + "[tls]\nclient_certificates = \"asked\"\n", "name certificate and key"},
      {domain + "[tls]\nclient_authorities = \"ca.pem\"\n", "nobody is asked"},
      {domain + "[log]\nformat = \"xml\"\n", "logfmt or json"},
      {domain + "[network]\nidle_timer = 60\n", "1.5 times"},
      {domain + "listen = \"tcp:1\"\n", "a list of texts"},
      {"[server\n", "kith.toml:1"},
      {domain + "[storage]\ndatabase = 3\n", "a text in quotes"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.text);
    CHECK(problems_of(each.text).contains(each.named));
  }
  CHECK(problems_of(domain + "[tls]\nkey = 1\n[log]\nlevel = 1\n[auht]\na = 1\nb = 1\n") ==
        "kith.toml:4: tls.key must be a text in quotes\n"
        "kith.toml:6: log.level must be a text in quotes\n"
        "kith.toml:7: unknown section [auht]; did you mean [auth]?\n");
}

TEST_CASE("a file that cannot be read is no file that is not there") {
  const auto none = read("/nowhere/kith.toml");
  REQUIRE_FALSE(none);
  CHECK(none.error().front().text().contains("init --domain"));
  const auto folder = read("/proc/self/mem/kith.toml");
  REQUIRE_FALSE(folder);
  CHECK(folder.error().front().text().contains("Not a directory"));
  CHECK_FALSE(folder.error().front().text().contains("init"));
}
