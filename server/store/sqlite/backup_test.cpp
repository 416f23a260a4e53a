#include "server/store/sqlite/backup.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "server/store/sqlite/connection.h"
#include "server/store/testing/support.h"

namespace kith::store {
namespace {

using testing::aor;
using testing::make_account;
using testing::TemporaryFolder;

Config config(const TemporaryFolder& folder, const char* name = "kith.db") {
  return Config{.database = folder / name, .vfs = ""};
}

CommitResult commit(Store& store, Batch batch) { return store.commit({&batch, 1}).front(); }

/// A store with two users, the first with a list.
std::unique_ptr<Store> filled(const Config& config, contacts::List& list) {
  auto store = open(config).value();
  commit(*store, make_account(1));
  commit(*store, make_account(2));
  SeededRandom random(11);
  for (int i = 0; i < 40; ++i)
    commit(*store, Batch{aor(1), {ListChange{testing::random_step(list, random)}}});
  return store;
}

void spoil(const std::filesystem::path& file) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekp(8192);
  stream << std::string(4096, 'x');
}

TEST_CASE("a backup is a verified copy, taken from a store at work and restored into another") {
  const TemporaryFolder folder;
  contacts::List list;
  const auto store = filled(config(folder), list);
  const Counts counts = store->backup(folder / "backup.db").value();
  CHECK(counts == store->reader().value()->counts().value());
  CHECK(counts.accounts == 2);
  CHECK(verify(folder / "backup.db").value() == counts);
  struct stat file{};
  REQUIRE(::stat((folder / "backup.db").c_str(), &file) == 0);
  CHECK((file.st_mode & 0777) == 0600);
  CHECK_FALSE(std::filesystem::exists(folder / "backup.db.part"));
  CHECK_FALSE(std::filesystem::exists(folder / "backup.db-wal"));

  CHECK(restore(folder / "backup.db", folder / "other.db").value() == counts);
  const auto other = open(config(folder, "other.db")).value();
  CHECK(other->reader().value()->load(aor(1))->list == list);
}

TEST_CASE("a restore takes the place of what was there, its log included") {
  const TemporaryFolder folder;
  contacts::List list;
  {
    const auto store = filled(config(folder), list);
    REQUIRE(store->backup(folder / "backup.db"));
    commit(*store, Batch{aor(1), {RemoveAccount{}}});
    CHECK(restore(folder / "backup.db", folder / "kith.db").error().sentence.contains("in use by"));
    std::filesystem::copy(folder / "kith.db", folder / "crashed.db");
    std::filesystem::copy(folder / "kith.db-wal", folder / "crashed.db-wal");
  }
  for (const char* name : {"kith.db", "crashed.db"}) {
    REQUIRE(restore(folder / "backup.db", folder / name));
    CHECK_FALSE(std::filesystem::exists((folder / name).string() + "-wal"));
    const auto store = open(config(folder, name)).value();
    CHECK(store->reader().value()->load(aor(1))->list == list);
  }
}

TEST_CASE("a backup does not overwrite, and says what keeps it from writing") {
  const TemporaryFolder folder;
  contacts::List list;
  const auto store = filled(config(folder), list);
  CHECK(store->backup(folder / "kith.db").error().sentence.contains("exists: choose another"));
  CHECK(store->backup(folder / "none/backup.db").error().sentence.contains("cannot be written"));
  CHECK(store->reader().value()->load(aor(1))->list == list);
}

TEST_CASE("what is no good backup is refused, and the database stays as it is") {
  const TemporaryFolder folder;
  contacts::List list;
  {
    const auto store = filled(config(folder), list);
    REQUIRE(store->backup(folder / "backup.db"));
  }
  const auto refusal = [&] {
    const auto restored = restore(folder / "backup.db", folder / "kith.db");
    return restored ? "restored" : restored.error().sentence;
  };
  SUBCASE("damaged") {
    spoil(folder / "backup.db");
    CHECK(refusal().contains("use another"));
  }
  SUBCASE("cut short") {
    std::filesystem::resize_file(folder / "backup.db", 10'000);
    CHECK(refusal().contains("use another"));
  }
  SUBCASE("empty") {
    std::filesystem::resize_file(folder / "backup.db", 0);
    CHECK(refusal().contains("is empty"));
  }
  SUBCASE("missing") {
    std::filesystem::remove(folder / "backup.db");
    CHECK(refusal().contains("is not there"));
  }
  SUBCASE("of a newer schema") {
    sqlite::Connection(folder / "backup.db", "", sqlite::Access::read_write)
        .run("PRAGMA user_version = 99");
    CHECK(refusal().contains("made by a newer version"));
  }
  SUBCASE("another program's") {
    sqlite::Connection(folder / "backup.db", "", sqlite::Access::read_write)
        .run("PRAGMA application_id = 1");
    CHECK(refusal().contains("another program"));
  }
  SUBCASE("with rows of nobody") {
    sqlite::Connection(folder / "backup.db", "", sqlite::Access::read_write)
        .run("INSERT INTO lists VALUES (77, 1)");
    CHECK(refusal().contains("rows of users who do not exist"));
  }
  CHECK_FALSE(std::filesystem::exists(folder / "kith.db.restored"));
  const auto store = open(config(folder)).value();
  CHECK(store->reader().value()->load(aor(1))->list == list);
}

TEST_CASE("a database that cannot be read is not thrown away by a restore") {
  const TemporaryFolder folder;
  contacts::List list;
  REQUIRE(filled(config(folder), list)->backup(folder / "backup.db"));
  std::ofstream(folder / "kith.db") << std::string(5000, 'x');
  CHECK(
      restore(folder / "backup.db", folder / "kith.db").error().sentence.contains("move it away"));
  CHECK(std::filesystem::file_size(folder / "kith.db") == 5000);
}

TEST_CASE("a backup is of one moment while others write") {
  const TemporaryFolder folder;
  contacts::List list;
  const auto store = filled(config(folder), list);
  SeededRandom random(12);
  std::vector<Batch> batches;
  for (int i = 0; i < 200; ++i)
    batches.push_back(Batch{aor(1), {ListChange{testing::random_step(list, random)}}});
  std::thread writer([&] {
    for (const Batch& batch : batches) commit(*store, batch);
  });
  for (int i = 0; i < 3; ++i) CHECK(store->backup(folder / ("backup" + std::to_string(i))));
  writer.join();
  CHECK(store->reader().value()->load(aor(1))->list == list);
}

}  // namespace
}  // namespace kith::store
