// Nothing acknowledged is ever lost: the power fails at any call that reaches the disk.
#include <doctest/doctest.h>

#include <map>

#include "server/store/sqlite/sqlite_store.h"
#include "server/store/testing/lossy_vfs.h"
#include "server/store/testing/support.h"

namespace kith::store::sqlite {
namespace {

using testing::aor;
using testing::LossyVfs;
using testing::TemporaryFolder;

constexpr unsigned users = 5;

using Lists = std::map<unsigned, contacts::List>;

/// A disk whose power fails again and again under a store, and what the store has acknowledged.
class Outages {
 public:
  Outages(Synchronous synchronous, std::uint64_t seed)
      : synchronous_(synchronous), random_(seed), disk_("outages") {}

  /// One start of the server, work, and a power failure. False: something acknowledged is gone.
  bool survive() {
    const std::uint64_t calls = random_.below(120);
    {
      auto store = sqlite::open(config(), synchronous_);
      if (!store || !is_whole(**store)) return false;
      disk_.power_fail_after(calls);
      while (disk_.has_power()) work(**store);
    }
    disk_.power_on(random_.below(2) == 0 ? 0 : random_.next());
    return true;
  }

  bool is_whole_at_the_end() {
    auto store = sqlite::open(config(), synchronous_);
    return store && is_whole(**store);
  }
  std::uint64_t acknowledged() const { return acknowledged_count_; }

 private:
  Config config() const {
    return Config{.database = folder_ / "kith.db",
                  .vfs = disk_.name(),
                  .checkpoint_bytes = 64 * 1024,
                  .log_bytes_max = 200 * 1024};
  }

  /// The stored lists are the acknowledged ones, or those and all of the commit in flight; from now
  /// on they are what was acknowledged.
  bool is_whole(Store& store) {
    Lists stored;
    auto reader = store.reader();
    if (!reader) return false;
    for (unsigned user = 0; user < users; ++user) {
      auto record = (*reader)->load(aor(user));
      if (!record) return false;
      if (record->account) stored[user] = record->list;
    }
    const bool whole = stored == acknowledged_ || stored == in_flight_;
    acknowledged_ = in_flight_ = stored;
    return whole;
  }

  /// A commit of some users' steps, or of their accounts where there are none.
  void work(Store& store) {
    std::vector<Batch> batches;
    in_flight_ = acknowledged_;
    for (unsigned user = 0; user < users; ++user) {
      if (!acknowledged_.contains(user)) {
        batches.push_back(testing::make_account(user));
        in_flight_[user] = contacts::List{};
      } else if (random_.below(2) == 0) {
        batches.push_back(
            Batch{aor(user), {ListChange{testing::random_step(in_flight_[user], random_)}}});
      }
    }
    for (const CommitResult& result : store.commit(batches))
      if (result.how != Commit::done) return;
    acknowledged_ = in_flight_;
    acknowledged_count_ += batches.size();
  }

  Synchronous synchronous_;
  SeededRandom random_;
  TemporaryFolder folder_;
  LossyVfs disk_;
  Lists acknowledged_;
  Lists in_flight_;
  std::uint64_t acknowledged_count_ = 0;
};

TEST_CASE("nothing acknowledged is lost when the power fails, 120 times") {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    CAPTURE(seed);
    Outages outages(Synchronous::full, seed);
    for (int failure = 0; failure < 30; ++failure) {
      CAPTURE(failure);
      REQUIRE(outages.survive());
    }
    CHECK(outages.is_whole_at_the_end());
    CHECK(outages.acknowledged() > 300);
  }
}

TEST_CASE("the same outages with synchronous=OFF lose what was acknowledged, and it is noticed") {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    CAPTURE(seed);
    Outages outages(Synchronous::off, seed);
    bool whole = true;
    for (int failure = 0; failure < 30 && whole; ++failure) whole = outages.survive();
    CHECK_FALSE(whole);
  }
}

}  // namespace
}  // namespace kith::store::sqlite
