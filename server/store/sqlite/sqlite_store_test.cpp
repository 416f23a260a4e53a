#include "server/store/sqlite/sqlite_store.h"

#include <doctest/doctest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <thread>

#include "server/store/sqlite/connection.h"
#include "server/store/sqlite/schema.h"
#include "server/store/testing/lossy_vfs.h"
#include "server/store/testing/support.h"

namespace kith::store::sqlite {
namespace {

using testing::aor;
using testing::LossyVfs;
using testing::make_account;
using testing::TemporaryFolder;

Config config(const TemporaryFolder& folder, const std::string& vfs = "") {
  return Config{.database = folder / "kith.db", .vfs = vfs};
}

CommitResult commit(Store& store, Batch batch) { return store.commit({&batch, 1}).front(); }

contacts::List list_of(Store& store, unsigned user) {
  return store.reader().value()->load(aor(user)).value().list;
}

std::string refusal(const Config& config) {
  const auto store = store::open(config);
  return store ? "opened" : store.error().sentence;
}

void run(const Config& config, const std::string& sql) {
  Connection(config.database, "", Access::create).run(sql);
}

TEST_CASE("what is stored is there after the next start") {
  const TemporaryFolder folder;
  SeededRandom random(1);
  contacts::List list;
  {
    const auto store = store::open(config(folder)).value();
    REQUIRE(commit(*store, make_account(1)).how == Commit::done);
    for (int i = 0; i < 30; ++i)
      commit(*store, Batch{aor(1), {ListChange{testing::random_step(list, random)}}});
  }
  const auto store = store::open(config(folder)).value();
  CHECK(list_of(*store, 1) == list);
  CHECK(store->health().writable);
  CHECK(store->health().database_bytes > 0);
}

TEST_CASE("a second server on one database is refused, with the process that has it") {
  const TemporaryFolder folder;
  {
    const auto first = store::open(config(folder)).value();
    CHECK(refusal(config(folder)) == "The database " + (folder / "kith.db").string() +
                                         " is in use by process " + std::to_string(::getpid()) +
                                         ": stop that server first.");
  }
  CHECK(refusal(config(folder)) == "opened");
}

TEST_CASE("a database of a newer schema is refused and not touched") {
  const TemporaryFolder folder;
  store::open(config(folder)).value().reset();
  run(config(folder), "PRAGMA user_version = 99; CREATE TABLE later (x);");
  CHECK(refusal(config(folder)).contains("has schema 99, made by a newer version of Kith"));
  Connection connection(config(folder).database, "", Access::read_write);
  CHECK(connection.number("PRAGMA user_version") == 99);
}

TEST_CASE("files that are not ours are refused and not touched") {
  const TemporaryFolder folder;
  SUBCASE("another program's database") {
    run(config(folder), "CREATE TABLE theirs (x)");
    CHECK(refusal(config(folder)).contains("is a database of another program"));
  }
  SUBCASE("another program's application id") {
    run(config(folder), "PRAGMA application_id = 1; CREATE TABLE theirs (x)");
    CHECK(refusal(config(folder)).contains("is a database of another program"));
  }
  SUBCASE("no database") {
    const std::string text(5000, 'x');
    std::ofstream(config(folder).database) << text;
    CHECK(refusal(config(folder)).contains("is no database"));
    CHECK(std::filesystem::file_size(config(folder).database) == text.size());
  }
  SUBCASE("a folder that does not exist") {
    CHECK(refusal(Config{.database = folder / "none/kith.db", .vfs = ""})
              .contains("make the folder"));
  }
}

TEST_CASE("the verifiers' file is for the server's user only") {
  const TemporaryFolder folder;
  const auto store = store::open(config(folder)).value();
  REQUIRE(commit(*store, make_account(1)).how == Commit::done);
  for (const char* name : {"kith.db", "kith.db-wal", "kith.db.lock"}) {
    struct stat file{};
    REQUIRE(::stat((folder / name).c_str(), &file) == 0);
    CHECK((file.st_mode & 0777) == 0600);
  }
}

TEST_CASE("an older schema is brought up to date, step by step or not at all") {
  const TemporaryFolder folder;
  const std::string_view first = migrations()[0];
  const std::array good{first, std::string_view{"ALTER TABLE users ADD COLUMN note TEXT"}};
  const std::array bad{first, std::string_view{"CREATE TABLE half (x); CREATE TABLE users (x)"}};
  Connection connection(config(folder).database, "", Access::create);
  migrate(connection, good);
  CHECK(connection.number("PRAGMA user_version") == 2);

  const TemporaryFolder older;
  Connection old(config(older).database, "", Access::create);
  old.run(std::string{first} +
          "PRAGMA user_version = 1; PRAGMA application_id = " + std::to_string(application_id) +
          "; INSERT INTO users VALUES (1, 'a@b', '', '', '', '', 1, 1)");
  CHECK_THROWS_AS(migrate(old, bad), Failed);
  CHECK(old.number("PRAGMA user_version") == 1);
  CHECK(old.number("SELECT count(*) FROM sqlite_schema WHERE name = 'half'") == 0);
  migrate(old, good);
  CHECK(old.number("PRAGMA user_version") == 2);
  CHECK(old.number("SELECT count(*) FROM users WHERE note IS NULL") == 1);
  migrate(old, good);
  CHECK(objection_to(old, 2).empty());
  CHECK_FALSE(objection_to(old, 1).empty());
}

TEST_CASE("schema 1 as it was shipped is read: a file that these statements made is on disks") {
  const TemporaryFolder folder;
  std::ifstream file(KITH_SOURCE_DIR "/tests/data/store/schema-1.sql");
  REQUIRE(file.is_open());
  const std::string sql{std::istreambuf_iterator<char>(file), {}};
  run(config(folder), sql);
  const auto store = store::open(config(folder)).value();
  const UserRecord user = store->reader().value()->load(sip::Aor{"user1@example.com"}).value();
  REQUIRE(user.account);
  CHECK(user.account->principals == std::vector<std::string>{"user1@EXAMPLE.COM"});
  CHECK(user.account->nt_hash.empty());
  REQUIRE(user.list.contacts().size() == 1);
  CHECK(user.list.contacts()[0].uri == "sip:User4@server.contoso.com");
  CHECK(user.list.contacts()[0].groups == std::vector{contacts::GroupId{1}, contacts::GroupId{63}});
  CHECK(user.list.version() == contacts::Version{12});
  CHECK(user.bindings.size() == 1);
}

TEST_CASE("damage is reported, not guessed around") {
  const TemporaryFolder folder;
  store::open(config(folder)).value().reset();
  {
    const auto store = store::open(config(folder)).value();
    REQUIRE(commit(*store, make_account(1)).how == Commit::done);
  }
  run(config(folder), "INSERT INTO contacts VALUES (1, 'sip:x@y', 'sip:x@y', '', '9', 1, '', '')");
  const auto store = store::open(config(folder)).value();
  const auto user = store->reader().value()->load(aor(1));
  REQUIRE_FALSE(user);
  CHECK(user.error().cause == Cause::corrupt);
}

TEST_CASE("a page that was overwritten is found, also where nobody reads it") {
  const TemporaryFolder folder;
  {
    const auto store = store::open(config(folder)).value();
    SeededRandom random(1);
    for (unsigned user = 1; user <= 40; ++user) {
      REQUIRE(commit(*store, make_account(user)).how == Commit::done);
      contacts::List list;
      for (int i = 0; i < 10; ++i)
        commit(*store, Batch{aor(user), {ListChange{testing::random_step(list, random)}}});
    }
    CHECK(store->reader().value()->check());
  }
  const std::uintmax_t bytes = std::filesystem::file_size(config(folder).database);
  {
    std::fstream file(config(folder).database, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(bytes - 4096));
    file << std::string(512, '\xff');
  }
  const auto store = store::open(config(folder)).value();
  const auto checked = store->reader().value()->check();
  REQUIRE_FALSE(checked);
  CHECK(checked.error().cause == Cause::corrupt);
  CHECK(checked.error().sentence.contains("damaged"));
}

TEST_CASE("rows of a user who is not there are damage") {
  const TemporaryFolder folder;
  store::open(config(folder)).value().reset();
  run(config(folder), "INSERT INTO lists VALUES (7, 1)");
  const auto store = store::open(config(folder)).value();
  const auto checked = store->reader().value()->check();
  REQUIRE_FALSE(checked);
  CHECK(checked.error().sentence.contains("users who do not exist"));
}

TEST_CASE("a full disk: refused, said so, and well again without a restart") {
  const TemporaryFolder folder;
  LossyVfs disk("full");
  const auto store = store::open(config(folder, disk.name())).value();
  REQUIRE(commit(*store, make_account(1)).how == Commit::done);

  disk.set_room(10'000);
  SeededRandom random(3);
  contacts::List list;
  CommitResult result;
  contacts::List before;
  while (result.how == Commit::done) {
    before = list;
    result = commit(*store, Batch{aor(1), {ListChange{testing::random_step(list, random)}}});
  }
  CHECK(result.how == Commit::refused);
  CHECK(result.cause == Cause::disk_full);
  CHECK_FALSE(store->health().writable);
  CHECK(store->health().sentence.contains("disk of the database is full"));
  CHECK(list_of(*store, 1) == before);  // reading goes on
  // What changes nothing is done without the disk, which is as full as before.
  CHECK(commit(*store, Batch{aor(1), {RemoveBinding{"nobody"}}}).how == Commit::done);
  CHECK_FALSE(store->health().writable);

  disk.set_room(std::nullopt);
  contacts::List again = before;
  CHECK(commit(*store, Batch{aor(1), {ListChange{testing::random_step(again, random)}}}).how ==
        Commit::done);
  CHECK(store->health().writable);
  CHECK(store->health().sentence.empty());
  CHECK(list_of(*store, 1) == again);
}

TEST_CASE("a disk with room for a little is still full; it is well once it has room for all") {
  const TemporaryFolder folder;
  LossyVfs disk("nearly-full");
  const auto store = store::open(config(folder, disk.name())).value();
  REQUIRE(commit(*store, make_account(1)).how == Commit::done);
  std::vector<Batch> many;
  for (unsigned user = 2; user < 200; ++user) many.push_back(make_account(user));
  disk.set_room(20'000);
  REQUIRE(store->commit(many).front().cause == Cause::disk_full);
  CHECK(commit(*store, Batch{aor(1), {PutBinding{testing::binding("a")}}}).how == Commit::done);
  CHECK_FALSE(store->health().writable);
  CHECK(store->health().cause == Cause::disk_full);
  CHECK(store->health().file == (folder / "kith.db").string());

  disk.set_room(std::nullopt);
  CHECK(store->health().writable);  // and nobody has written anything
  CHECK(store->health().sentence.empty());
  disk.set_room(0);
  CHECK_FALSE(store->health().writable);
  disk.set_room(std::nullopt);
  CHECK(store->commit(many).front().how == Commit::done);
  disk.set_room(0);
  CHECK(store->health().writable);  // nothing was refused since
  CHECK_FALSE(std::filesystem::exists(folder / "kith.db-probe"));
}

TEST_CASE("a disk that takes no writes: refused for all, and well again") {
  const TemporaryFolder folder;
  LossyVfs disk("read-only");
  const auto store = store::open(config(folder, disk.name())).value();
  disk.fail_writes(true);
  const std::vector<Batch> batches{make_account(1), make_account(2),
                                   Batch{aor(9), {RemoveBinding{"a"}}}};
  const std::vector<CommitResult> results = store->commit(batches);
  CHECK(results[0].cause == Cause::io_error);
  CHECK(results[1].how == Commit::refused);
  CHECK(results[2].cause == Cause::no_account);  // its own reason
  disk.fail_writes(false);
  CHECK(store->commit(batches)[1].how == Commit::done);
  CHECK(store->health().writable);
}

TEST_CASE("a sync that fails ends unknown, and nothing is written after it") {
  const TemporaryFolder folder;
  LossyVfs disk("no-sync");
  {
    const auto store = store::open(config(folder, disk.name())).value();
    REQUIRE(commit(*store, make_account(1)).how == Commit::done);
    disk.fail_syncs(true);
    CHECK(commit(*store, make_account(2)).how == Commit::unknown);
    disk.fail_syncs(false);
    const CommitResult after = commit(*store, make_account(3));
    CHECK(after.how == Commit::refused);
    CHECK(after.cause == Cause::stopped);
    CHECK_FALSE(store->health().writable);
  }
  const auto store = store::open(config(folder, disk.name())).value();
  CHECK(store->reader().value()->account(aor(1))->has_value());
  CHECK_FALSE(store->reader().value()->account(aor(3))->has_value());
  CHECK(commit(*store, make_account(3)).how == Commit::done);
}

TEST_CASE("a commit of many batches is one sync, a refused one none") {
  const TemporaryFolder folder;
  LossyVfs disk("counting");
  const auto store = store::open(config(folder, disk.name())).value();
  std::vector<Batch> batches;
  for (unsigned user = 0; user < 64; ++user) batches.push_back(make_account(user));
  store->commit(batches);
  const std::uint64_t before = disk.counts().syncs;
  std::vector<Batch> changes;
  SeededRandom random(9);
  for (unsigned user = 0; user < 64; ++user) {
    contacts::List list;
    changes.push_back(Batch{aor(user), {ListChange{testing::random_step(list, random)}}});
  }
  store->commit(changes);
  CHECK(disk.counts().syncs == before + 1);
  store->commit(changes);  // all conflicts
  CHECK(disk.counts().syncs == before + 1);
}

TEST_CASE("the log is copied into the database and starts over") {
  const TemporaryFolder folder;
  LossyVfs disk("small-log");
  Config small = config(folder, disk.name());
  small.checkpoint_bytes = 64 * 1024;
  small.log_bytes_max = 256 * 1024;
  const auto store = store::open(small).value();
  REQUIRE(commit(*store, make_account(1)).how == Commit::done);
  SeededRandom random(4);
  contacts::List list;
  for (int i = 0; i < 400; ++i)  // some 8 KiB each, so 3 MiB in all
    REQUIRE(commit(*store, Batch{aor(1), {ListChange{testing::random_step(list, random)}}}).how ==
            Commit::done);
  CHECK(store->health().log_bytes < 2 * small.log_bytes_max);
  CHECK(store->health().sentence.empty());
  CHECK(list_of(*store, 1) == list);
}

TEST_CASE("a reader sees whole commits while others are written") {
  const TemporaryFolder folder;
  LossyVfs disk("readers");
  const auto store = store::open(config(folder, disk.name())).value();
  REQUIRE(commit(*store, make_account(1)).how == Commit::done);
  contacts::List list;
  SeededRandom random(5);
  std::vector<contacts::List> versions{list};
  std::vector<Batch> batches;
  for (int i = 0; i < 200; ++i) {
    batches.push_back(Batch{aor(1), {ListChange{testing::random_step(list, random)}}});
    versions.push_back(list);
  }
  std::thread writer([&] {
    for (const Batch& batch : batches) commit(*store, batch);
  });
  const auto reader = store->reader().value();
  contacts::List seen;
  bool whole = true;
  while (seen.version() != list.version() && whole) {
    seen = reader->load(aor(1)).value().list;
    whole = seen == versions[seen.version().value - 1];
  }
  writer.join();
  CHECK(whole);
}

TEST_CASE("1,000 users with 50 contacts each are stored and loaded") {
  const TemporaryFolder folder;
  LossyVfs disk("many");
  const auto store = store::open(config(folder, disk.name())).value();
  contacts::List list;
  std::vector<Write> fill;
  for (int i = 0; i < 50; ++i)
    fill.emplace_back(ListChange{
        list.set_contact(contacts::Contact{.uri = "sip:buddy" + std::to_string(i) + "@example.com",
                                           .name = "Buddy " + std::to_string(i),
                                           .groups = {},
                                           .subscribed = true,
                                           .external_uri = "",
                                           .extension = ""})
            .value()});
  std::vector<Batch> batches;
  for (unsigned user = 0; user < 1000; ++user) {
    batches.push_back(make_account(user));
    batches.push_back(Batch{aor(user), fill});
  }
  for (const CommitResult& result : store->commit(batches)) REQUIRE(result.how == Commit::done);
  const auto reader = store->reader().value();
  for (unsigned user = 0; user < 1000; ++user) REQUIRE(reader->load(aor(user))->list == list);
  CHECK(reader->counts()->contacts == 50'000);
}

}  // namespace
}  // namespace kith::store::sqlite
