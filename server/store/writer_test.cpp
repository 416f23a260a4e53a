#include "server/store/writer.h"

#include <doctest/doctest.h>

#include <atomic>
#include <latch>
#include <memory>
#include <optional>
#include <semaphore>
#include <thread>

#include "server/store/limits.h"
#include "server/store/memory/memory_store.h"
#include "server/store/testing/support.h"

namespace kith::store {
namespace {

using testing::aor;
using testing::make_account;

/// A memory store whose commits wait to be let through, and which can end one unknown.
class SlowStore final : public Store {
 public:
  std::expected<std::unique_ptr<Reader>, Trouble> reader() override { return memory_.reader(); }
  std::vector<CommitResult> commit(std::span<const Batch> batches) override {
    begun.release();
    allowed.acquire();
    if (unknown)
      return std::vector(batches.size(), CommitResult{Commit::unknown, Cause::io_error, ""});
    return memory_.commit(batches);
  }
  Health health() const override { return memory_.health(); }
  std::expected<Counts, Trouble> backup(const std::filesystem::path& file) override {
    return memory_.backup(file);
  }

  std::counting_semaphore<> begun{0};
  std::counting_semaphore<> allowed{0};
  std::atomic<bool> unknown = false;

 private:
  MemoryStore memory_;
};

TEST_CASE("a batch is committed and answered") {
  MemoryStore store;
  std::optional<CommitResult> answer;
  Writer writer(store);
  REQUIRE(writer.submit(make_account(1), [&](CommitResult result) { answer = std::move(result); }));
  writer.finish();
  CHECK(answer == CommitResult{});
  CHECK(store.users().size() == 1);
}

TEST_CASE("what arrives during a commit goes into the next one, in order") {
  SlowStore store;
  std::vector<unsigned> order;
  Writer writer(store);
  const auto submit = [&](unsigned user) {
    return writer.submit(make_account(user), [&order, user](CommitResult result) {
      if (result.how == Commit::done) order.push_back(user);
    });
  };
  REQUIRE(submit(0));
  store.begun.acquire();
  for (unsigned user = 1; user < 10; ++user) REQUIRE(submit(user));
  CHECK(writer.statistics().queued == 9);
  store.allowed.release(2);
  writer.finish();
  CHECK(order == std::vector<unsigned>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  CHECK(writer.statistics().commits == 2);
  CHECK(writer.statistics().batches == 10);
  CHECK(writer.statistics().largest == 9);
}

TEST_CASE("a commit takes no more than batches_in_commit_max, and the rest goes into the next") {
  SlowStore store;
  Writer writer(store);
  unsigned answered = 0;
  const auto count = [&](const CommitResult&) { ++answered; };
  REQUIRE(writer.submit(make_account(0), count));
  store.begun.acquire();
  for (unsigned user = 1; user <= batches_in_commit_max + 1; ++user)
    REQUIRE(writer.submit(make_account(user), count));
  store.allowed.release(3);
  writer.finish();
  CHECK(answered == batches_in_commit_max + 2);
  CHECK(writer.statistics().commits == 3);
  CHECK(writer.statistics().largest == batches_in_commit_max);
}

TEST_CASE("a full queue refuses at once, and takes again") {
  SlowStore store;
  Writer writer(store, 2);
  int answered = 0;
  const auto count = [&](const CommitResult&) { ++answered; };
  REQUIRE(writer.submit(make_account(0), count));
  store.begun.acquire();  // under way: no longer in the queue
  CHECK(writer.submit(make_account(1), count));
  CHECK(writer.submit(make_account(2), count, Urgency::lazily));
  CHECK_FALSE(writer.submit(make_account(3), count));
  store.allowed.release();
  store.begun.acquire();  // both are under way
  CHECK(writer.submit(make_account(3), count));
  store.allowed.release(2);
  writer.finish();
  CHECK(answered == 4);
}

TEST_CASE("after an unknown commit what waits is refused and nothing more is taken") {
  testing::TemporaryFolder folder;
  SlowStore store;
  std::vector<Commit> ends;
  Writer writer(store);
  const auto note = [&](const CommitResult& result) { ends.push_back(result.how); };
  REQUIRE(writer.submit(make_account(1), note));
  store.begun.acquire();
  REQUIRE(writer.submit(make_account(2), note));
  store.unknown = true;
  store.allowed.release(2);
  writer.finish();
  CHECK(ends.front() == Commit::unknown);
  CHECK(ends.size() == 2);
  CHECK_FALSE(writer.submit(make_account(3), note));
}

TEST_CASE("a lazy batch is committed without anybody else's") {
  MemoryStore store;
  Writer writer(store);
  std::latch answered(1);
  const auto begun = std::chrono::steady_clock::now();
  REQUIRE(writer.submit(
      make_account(1), [&](const CommitResult&) { answered.count_down(); }, Urgency::lazily));
  answered.wait();
  CHECK(std::chrono::steady_clock::now() - begun >= Writer::lazy_delay);
}

TEST_CASE("a lazy batch goes with the next urgent one, before it") {
  SlowStore store;
  Writer writer(store);
  std::vector<unsigned> order;
  REQUIRE(writer.submit(make_account(0), [](const CommitResult&) {}));
  store.begun.acquire();
  REQUIRE(writer.submit(
      make_account(1), [&](const CommitResult&) { order.push_back(1); }, Urgency::lazily));
  REQUIRE(writer.submit(make_account(2), [&](const CommitResult&) { order.push_back(2); }));
  store.allowed.release(2);
  writer.finish();
  CHECK(order == std::vector<unsigned>{1, 2});
  CHECK(writer.statistics().commits == 2);
}

TEST_CASE("finishing does not wait for what could have waited") {
  MemoryStore store;
  bool answered = false;
  {
    Writer writer(store);
    REQUIRE(writer.submit(
        make_account(1), [&](const CommitResult&) { answered = true; }, Urgency::lazily));
  }
  CHECK(answered);
}

TEST_CASE("many threads submit: each batch is answered once") {
  MemoryStore store;
  std::atomic<int> done = 0;
  {
    Writer writer(store);
    std::vector<std::thread> shards;
    for (unsigned shard = 0; shard < 4; ++shard)
      shards.emplace_back([&, shard] {
        for (unsigned i = 0; i < 100; ++i)
          while (!writer.submit(make_account(shard * 1000 + i), [&](const CommitResult& result) {
            if (result.how == Commit::done) ++done;
          })) {
          }
      });
    for (std::thread& shard : shards) shard.join();
  }
  CHECK(done == 400);
  CHECK(store.users().size() == 400);
}

}  // namespace
}  // namespace kith::store
