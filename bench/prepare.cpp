// Fills a database with users who have contacts, as the benchmarks and the tests of durability need
// them: u0, u1, … of one domain, with one password, each with the principal uN@REALM.

#include <CLI/CLI.hpp>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "kith/auth/scheme/digest.h"
#include "server/store/open.h"

namespace {

using namespace kith;

constexpr std::size_t users_in_commit = 250;

struct Arguments {
  std::string database;
  unsigned users = 10'000;
  unsigned contacts = 50;
  std::string domain = "example.com";
  std::string realm = "KITH.EXAMPLE";
  std::string password = "secret";
};

store::Account account(const Arguments& arguments, const std::string& user) {
  using auth::DigestAlgorithm;
  const crypto::Secret password(arguments.password);
  const std::string name = user + "@" + arguments.domain;
  return {
      .aor = sip::Aor{name},
      .display_name = "User " + user,
      .principals = {user + "@" + arguments.realm},
      .digest_realm = arguments.domain,
      .ha1_md5 = auth::digest_ha1(DigestAlgorithm::md5, name, arguments.domain, password),
      .ha1_sha256 = auth::digest_ha1(DigestAlgorithm::sha256, name, arguments.domain, password)};
}

contacts::List list(const Arguments& arguments) {
  contacts::List list;
  for (unsigned i = 0; i < arguments.contacts; ++i) {
    const std::string number = std::to_string(i);
    if (!list.set_contact({.uri = "sip:contact" + number + "@" + arguments.domain,
                           .name = "Contact " + number,
                           .groups = {},
                           .external_uri = {},
                           .extension = {}}))
      std::abort();
  }
  return list;
}

bool commit(store::Store& store, std::vector<store::Batch>& batches) {
  for (const store::CommitResult& result : store.commit(batches)) {
    if (result.how == store::Commit::done) continue;
    std::cerr << "prepare: " << result.sentence << '\n';
    return false;
  }
  batches.clear();
  return true;
}

bool fill(const Arguments& arguments, store::Store& store) {
  const contacts::List everybodys = list(arguments);
  std::vector<store::Batch> batches;
  for (unsigned i = 0; i < arguments.users; ++i) {
    const store::Account user = account(arguments, "u" + std::to_string(i));
    batches.push_back({.aor = user.aor, .writes = {store::PutAccount{user}}});
    if (arguments.contacts > 0) batches.back().writes.emplace_back(store::ReplaceList{everybodys});
    if (batches.size() == users_in_commit && !commit(store, batches)) return false;
  }
  return commit(store, batches);
}

std::optional<int> parse(int argc, char** argv, Arguments& arguments) {
  CLI::App app{"Fills a database with users who have contacts.", "prepare"};
  app.add_option("database", arguments.database, "file, which is made")->required();
  app.add_option("--users", arguments.users, "how many");
  app.add_option("--contacts", arguments.contacts, "of each");
  app.add_option("--domain", arguments.domain, "of the users, and Digest realm");
  app.add_option("--realm", arguments.realm, "of their Kerberos principals");
  app.add_option("--password", arguments.password, "of every user");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return std::nullopt;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  if (const std::optional<int> code = parse(argc, argv, arguments)) return *code;
  const auto store = store::open({.database = arguments.database, .vfs = {}});
  if (!store) {
    std::cerr << "prepare: " << store.error().sentence << '\n';
    return 1;
  }
  return fill(arguments, **store) ? 0 : 1;
}
