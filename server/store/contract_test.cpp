// What every store does, whatever it keeps things in.
#include <doctest/doctest.h>

#include <algorithm>

#include "server/store/limits.h"
#include "server/store/memory/memory_store.h"
#include "server/store/open.h"
#include "server/store/testing/lossy_vfs.h"
#include "server/store/testing/support.h"

namespace kith::store {
namespace {

using testing::account;
using testing::aor;
using testing::binding;
using testing::make_account;

struct InMemory {
  MemoryStore memory;
  Store& store = memory;
};

struct InSqlite {
  testing::TemporaryFolder folder;
  testing::LossyVfs disk{"contract"};  // for its quick syncs
  std::unique_ptr<Store> opened =
      open(Config{.database = folder / "kith.db", .vfs = disk.name()}).value();
  Store& store = *opened;
};

CommitResult commit(Store& store, Batch batch) { return store.commit({&batch, 1}).front(); }

CommitResult commit(Store& store, Write write) {
  return commit(store, Batch{aor(1), {std::move(write)}});
}

UserRecord load(Store& store, unsigned user = 1) {
  return store.reader().value()->load(aor(user)).value();
}

/// A step that adds a contact to the list.
ListChange add_contact(contacts::List& list, std::string uri) {
  contacts::Contact contact;
  contact.uri = std::move(uri);
  return ListChange{list.set_contact(std::move(contact)).value()};
}

#define STORES InMemory, InSqlite

TEST_CASE_TEMPLATE("somebody unknown is an answer, not an error", Kind, STORES) {
  Kind kind;
  CHECK_FALSE(load(kind.store).account);
  auto reader = kind.store.reader().value();
  CHECK_FALSE(reader->account(aor(1)).value());
  CHECK_FALSE(reader->account_of("user1@EXAMPLE.COM").value());
  CHECK(reader->accounts(sip::Aor{}, 10)->empty());
  CHECK(reader->counts() == Counts{});
}

TEST_CASE_TEMPLATE("a new account comes back as it was, with an empty list", Kind, STORES) {
  Kind kind;
  REQUIRE(commit(kind.store, make_account(1)).how == Commit::done);
  Account expected = account(1);
  expected.revision = 1;
  const UserRecord user = load(kind.store);
  CHECK(user.account == expected);
  CHECK(user.list == contacts::List{});
  CHECK(user.bindings.empty());
  CHECK(kind.store.reader().value()->account_of("user1@EXAMPLE.COM").value() == expected);
  CHECK_FALSE(kind.store.reader().value()->account_of("USER1@EXAMPLE.COM").value());
}

TEST_CASE_TEMPLATE("an account is made once and changed by its revision", Kind, STORES) {
  Kind kind;
  REQUIRE(commit(kind.store, make_account(1)).how == Commit::done);
  CHECK(commit(kind.store, make_account(1)).cause == Cause::conflict);

  Account changed = account(1);
  changed.revision = 1;
  changed.display_name = "Alice";
  changed.enabled = false;
  changed.principals = {"b@EXAMPLE.COM", "a@EXAMPLE.COM"};
  CHECK(commit(kind.store, PutAccount{changed}).how == Commit::done);
  CHECK(commit(kind.store, PutAccount{changed}).cause == Cause::conflict);

  changed.revision = 2;
  CHECK(load(kind.store).account == changed);
  CHECK_FALSE(kind.store.reader().value()->account_of("user1@EXAMPLE.COM").value());

  Account nobody = account(2);
  nobody.revision = 1;
  CHECK(commit(kind.store, Batch{aor(2), {PutAccount{nobody}}}).cause == Cause::no_account);
}

TEST_CASE_TEMPLATE("a Kerberos principal signs in to one account", Kind, STORES) {
  Kind kind;
  REQUIRE(commit(kind.store, make_account(1)).how == Commit::done);
  Account thief = account(2);
  thief.principals = {"user1@EXAMPLE.COM"};
  CHECK(commit(kind.store, Batch{aor(2), {PutAccount{thief}}}).cause == Cause::conflict);
  CHECK_FALSE(load(kind.store, 2).account);
}

TEST_CASE_TEMPLATE("accounts are listed by name, page by page", Kind, STORES) {
  Kind kind;
  for (unsigned user = 1; user <= 5; ++user)
    REQUIRE(commit(kind.store, make_account(user)).how == Commit::done);
  auto reader = kind.store.reader().value();
  std::vector<std::string> seen;
  sip::Aor after;
  for (auto page = reader->accounts(after, 2).value(); !page.empty();
       page = reader->accounts(after, 2).value()) {
    CHECK(page.size() <= 2);
    for (const Account& found : page) seen.push_back(found.aor.value);
    after = page.back().aor;
  }
  CHECK(seen.size() == 5);
  CHECK(std::ranges::is_sorted(seen));
}

TEST_CASE_TEMPLATE("a step of a list is guarded by its version", Kind, STORES) {
  Kind kind;
  REQUIRE(commit(kind.store, make_account(1)).how == Commit::done);
  contacts::List list;
  const ListChange first = add_contact(list, "sip:Bob@Example.com");
  const ListChange second = add_contact(list, "sip:carol@example.com");

  CHECK(commit(kind.store, second).cause == Cause::conflict);  // the first is missing
  CHECK(load(kind.store).list == contacts::List{});
  CHECK(commit(kind.store, first).how == Commit::done);
  CHECK(commit(kind.store, first).cause == Cause::conflict);  // twice
  CHECK(commit(kind.store, second).how == Commit::done);
  CHECK(load(kind.store).list == list);
}

TEST_CASE_TEMPLATE("a step that does not fit changes nothing", Kind, STORES) {
  Kind kind;
  REQUIRE(commit(kind.store, make_account(1)).how == Commit::done);
  const contacts::Version from{1};
  const contacts::Version to{2};
  const contacts::GroupId one{1};
  contacts::Contact contact;
  contact.uri = "sip:bob@example.com";
  contact.groups = {one};
  const contacts::GroupId nine{9};
  const std::vector<contacts::Change> misfits{
      contacts::DeletedContact{"sip:bob@example.com"},
      contacts::ModifiedContact{contact},
      contacts::DeletedGroup{nine},
      contacts::ModifiedGroup{contacts::Group{nine, "Nine", ""}},
      contacts::AddedGroup{contacts::Group{one, "~", ""}},
  };
  for (const contacts::Change& misfit : misfits) {
    contacts::Delta delta{from, to, {contacts::AddedGroup{{contacts::GroupId{2}, "Two", ""}}}};
    delta.changes.push_back(misfit);
    CHECK(commit(kind.store, ListChange{delta}).cause == Cause::conflict);
    CHECK(load(kind.store).list == contacts::List{});
  }
}

TEST_CASE_TEMPLATE("random operations: the list read back is the model's", Kind, STORES) {
  Kind kind;
  REQUIRE(commit(kind.store, make_account(1)).how == Commit::done);
  SeededRandom random(42);
  contacts::List list;
  for (int step = 0; step < 300; ++step) {
    REQUIRE(commit(kind.store, ListChange{testing::random_step(list, random)}).how == Commit::done);
    if (step % 10 == 0) REQUIRE(load(kind.store).list == list);
  }
  CHECK(load(kind.store).list == list);
}

TEST_CASE_TEMPLATE("a list is replaced by a later version only", Kind, STORES) {
  Kind kind;
  REQUIRE(commit(kind.store, make_account(1)).how == Commit::done);
  contacts::List other;
  CHECK(commit(kind.store, ReplaceList{other}).cause == Cause::conflict);  // the same version
  SeededRandom random(7);
  for (int step = 0; step < 20; ++step) testing::random_step(other, random);
  CHECK(commit(kind.store, ReplaceList{other}).how == Commit::done);
  CHECK(load(kind.store).list == other);
}

TEST_CASE_TEMPLATE("bindings are kept by device, replaced and removed", Kind, STORES) {
  Kind kind;
  REQUIRE(commit(kind.store, make_account(1)).how == Commit::done);
  CHECK(commit(kind.store, PutBinding{binding("b")}).how == Commit::done);
  CHECK(commit(kind.store, PutBinding{binding("a")}).how == Commit::done);
  Binding later = binding("b");
  later.expires += 1h;
  CHECK(commit(kind.store, PutBinding{later}).how == Commit::done);
  CHECK(load(kind.store).bindings == std::vector{binding("a"), later});
  CHECK(commit(kind.store, RemoveBinding{"a"}).how == Commit::done);
  CHECK(commit(kind.store, RemoveBinding{"a"}).how == Commit::done);
  CHECK(load(kind.store).bindings == std::vector{later});
}

TEST_CASE_TEMPLATE("limits: bindings, writes, principals and text", Kind, STORES) {
  Kind kind;
  REQUIRE(commit(kind.store, make_account(1)).how == Commit::done);
  for (std::size_t i = 0; i < bindings_per_user_max; ++i)
    REQUIRE(commit(kind.store, PutBinding{binding(std::to_string(i))}).how == Commit::done);
  CHECK(commit(kind.store, PutBinding{binding("one more")}).cause == Cause::too_large);
  CHECK(commit(kind.store, PutBinding{binding("0")}).how == Commit::done);

  CHECK(commit(kind.store, PutBinding{binding(std::string(text_bytes_max + 1, 'x'))}).cause ==
        Cause::too_large);
  const Batch many{aor(1), std::vector<Write>(writes_in_batch_max + 1, RemoveBinding{"0"})};
  CHECK(commit(kind.store, many).cause == Cause::too_large);
  Account known = account(2);
  for (std::size_t i = 0; i < principals_per_account_max; ++i)
    known.principals.push_back(std::to_string(i) + "@EXAMPLE.COM");
  CHECK(commit(kind.store, Batch{aor(2), {PutAccount{known}}}).cause == Cause::too_large);
  known.principals = {"x@EXAMPLE.COM", "x@EXAMPLE.COM"};
  CHECK(commit(kind.store, Batch{aor(2), {PutAccount{known}}}).cause == Cause::conflict);
  CHECK(commit(kind.store, Batch{aor(3), {PutAccount{account(2)}}}).cause == Cause::conflict);
}

TEST_CASE_TEMPLATE("nothing is written about somebody unknown", Kind, STORES) {
  Kind kind;
  contacts::List list;
  const std::vector<Write> writes{add_contact(list, "sip:bob@example.com"), ReplaceList{list},
                                  PutBinding{binding("a")}, RemoveBinding{"a"}, RemoveAccount{}};
  for (const Write& write : writes) CHECK(commit(kind.store, write).cause == Cause::no_account);
  CHECK(commit(kind.store, Batch{sip::Aor{}, {}}).cause == Cause::no_account);
}

TEST_CASE_TEMPLATE("an account goes with its list and bindings, and its name is free", Kind,
                   STORES) {
  Kind kind;
  REQUIRE(commit(kind.store, make_account(1)).how == Commit::done);
  contacts::List list;
  REQUIRE(commit(kind.store, add_contact(list, "sip:bob@example.com")).how == Commit::done);
  REQUIRE(commit(kind.store, PutBinding{binding("a")}).how == Commit::done);
  CHECK(commit(kind.store, RemoveAccount{}).how == Commit::done);
  CHECK(kind.store.reader().value()->counts() == Counts{});
  CHECK(commit(kind.store, make_account(1)).how == Commit::done);
  CHECK(load(kind.store).list == contacts::List{});
  CHECK(load(kind.store).bindings.empty());
}

TEST_CASE_TEMPLATE("a batch is stored together or not at all", Kind, STORES) {
  Kind kind;
  REQUIRE(commit(kind.store, make_account(1)).how == Commit::done);
  contacts::List list;
  const ListChange first = add_contact(list, "sip:bob@example.com");
  add_contact(list, "sip:carol@example.com");
  const ListChange third = add_contact(list, "sip:dave@example.com");
  CHECK(commit(kind.store, Batch{aor(1), {PutBinding{binding("a")}, first, third}}).cause ==
        Cause::conflict);
  CHECK(load(kind.store).list == contacts::List{});
  CHECK(load(kind.store).bindings.empty());
  // Nor is an account that the same batch made.
  CHECK(commit(kind.store, Batch{aor(2), {PutAccount{account(2)}, third}}).cause ==
        Cause::conflict);
  CHECK_FALSE(load(kind.store, 2).account);
}

TEST_CASE_TEMPLATE("a refused batch does not take the others of its commit down", Kind, STORES) {
  Kind kind;
  contacts::List list;
  const ListChange first = add_contact(list, "sip:bob@example.com");
  const ListChange second = add_contact(list, "sip:carol@example.com");
  const std::vector<Batch> batches{
      make_account(1),         make_account(2),
      Batch{aor(1), {first}},  Batch{aor(2), {second}},  // skips a version
      Batch{aor(1), {second}},                           // sees the one before it
      Batch{aor(3), {first}},                            // nobody
      Batch{aor(2), {first}},
  };
  const std::vector<CommitResult> results = kind.store.commit(batches);
  std::vector<Cause> causes;
  for (const CommitResult& result : results) causes.push_back(result.cause);
  CHECK(causes == std::vector{Cause::none, Cause::none, Cause::none, Cause::conflict, Cause::none,
                              Cause::no_account, Cause::none});
  CHECK(load(kind.store, 1).list == list);
  CHECK(load(kind.store, 2).list.version() == contacts::Version{2});
  CHECK(kind.store.health().writable);
}

TEST_CASE_TEMPLATE("an empty commit and an empty batch are fine", Kind, STORES) {
  Kind kind;
  CHECK(kind.store.commit({}).empty());
  CHECK(commit(kind.store, Batch{aor(1), {}}).how == Commit::done);
}

TEST_CASE_TEMPLATE("counts follow what is stored", Kind, STORES) {
  Kind kind;
  REQUIRE(commit(kind.store, make_account(1)).how == Commit::done);
  REQUIRE(commit(kind.store, make_account(2)).how == Commit::done);
  contacts::List list;
  REQUIRE(commit(kind.store, add_contact(list, "sip:bob@example.com")).how == Commit::done);
  REQUIRE(commit(kind.store, PutBinding{binding("a")}).how == Commit::done);
  CHECK(kind.store.reader().value()->counts() ==
        Counts{.accounts = 2, .contacts = 1, .groups = 2, .bindings = 1, .list_versions = 3});
}

}  // namespace
}  // namespace kith::store
