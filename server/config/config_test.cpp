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
      {domain + "[auth]\nkerberos = 1\n", "auth.kerberos must be true or false"},
      {domain + "[auth]\nsignature_version = 5\n", "a whole number from 2 to 4"},
      {domain + "[auth]\ndigest = false\n", "nobody can sign in"},
      {domain + "[tls]\nkey = \"k.pem\"\n", "belong together"},
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
}
