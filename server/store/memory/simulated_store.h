#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <variant>
#include <vector>

#include "kith/base/random.h"
#include "kith/base/time.h"
#include "server/store/limits.h"
#include "server/store/memory/memory_store.h"

namespace kith::store {

/// How a simulated disk behaves. Chances are out of 1,000 commits or loads.
struct Disk {
  Duration commit_min = 1ms;
  Duration commit_max = 5ms;
  Duration load_min = 0ms;
  Duration load_max = 1ms;
  unsigned refuse_per_mille = 0;
  unsigned unknown_per_mille = 0;
  unsigned load_fails_per_mille = 0;
  bool full = false;  // refuses every commit
};

/// A store and its writer in virtual time: asked now, it answers later, in the order of the
/// questions for commits and for loads each. Group commit as the Writer's: what is submitted during
/// a commit goes into the next. Repeatable from the seed of its Random.
class SimulatedStore {
 public:
  using Ticket = std::uint64_t;

  struct Committed {
    Ticket ticket;
    CommitResult result;
  };
  struct Loaded {
    Ticket ticket;
    std::expected<UserRecord, Trouble> user;
  };
  using Answer = std::variant<Committed, Loaded>;

  /// The random source outlives the store.
  explicit SimulatedStore(Random& random, Disk disk = {}) : random_(random), disk_(disk) {}

  Disk& disk() { return disk_; }

  /// Nothing: the queue is full, or a commit ended unknown and the store takes no more.
  std::optional<Ticket> submit(Batch batch, Time now);
  Ticket load(const sip::Aor& aor, Time now);

  /// What has ended by now, one at a time; then nothing.
  std::optional<Answer> poll(Time now);
  /// When to poll next; never if nothing is under way.
  Time next_deadline() const;

  /// The machine stops here: what was submitted and not answered is forgotten, but for the commit
  /// under way, which is on the disk as a whole or not at all. The store can be used again at once:
  /// that is the next start.
  void power_fail();

  /// What the disk holds.
  MemoryStore& durable() { return durable_; }

 private:
  struct Pending {
    Ticket ticket;
    Batch batch;
  };
  struct PendingLoad {
    Ticket ticket;
    sip::Aor aor;
    Time due;
  };

  bool happens(unsigned per_mille) { return random_.number() % 1000 < per_mille; }
  Duration between(Duration least, Duration most);
  void start(Time now);
  void finish();
  std::vector<CommitResult> write();

  Random& random_;
  Disk disk_;
  MemoryStore durable_;
  Ticket last_ticket_ = 0;
  std::deque<Pending> queue_;
  std::vector<Pending> under_way_;  // one transaction
  Time commit_due_ = never;
  std::deque<PendingLoad> loads_;
  std::deque<Committed> committed_;
  bool stopped_ = false;
};

}  // namespace kith::store
