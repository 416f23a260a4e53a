#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "server/store/limits.h"
#include "server/store/store.h"

namespace kith::store {

/// When a batch has to be on its way to the disk.
enum class Urgency {
  now,     // somebody waits for the answer
  lazily,  // within lazy_delay, or with the next commit: bindings
};

/// The one thread that writes, with group commit: while a commit is being synced the next batches
/// gather, and all of them go into the next transaction. A lone batch does not wait for company.
class Writer {
 public:
  /// Called once for each accepted batch, in the order of submission, on the writer's thread: it
  /// hands the result to the shard and returns.
  using Callback = std::move_only_function<void(CommitResult)>;

  static constexpr std::chrono::milliseconds lazy_delay{50};

  explicit Writer(Store& store, std::size_t queue_max = queued_batches_max);
  /// Commits what was accepted, then ends.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// From any thread; never waits for the disk. False: the queue is full or the writer has stopped,
  /// `done` will not be called and nothing was stored. After a commit that ended unknown, what
  /// waits is refused with Cause::stopped, and so is everything later.
  [[nodiscard]] bool submit(Batch batch, Callback done, Urgency urgency = Urgency::now);

  /// Commits what was accepted and takes nothing more; returns when all callbacks were called.
  void finish();

  struct Statistics {
    std::uint64_t commits = 0;  // transactions, each with one sync
    std::uint64_t batches = 0;  // in them
    std::uint64_t refused = 0;
    std::uint64_t largest = 0;  // batches in one transaction
    std::size_t queued = 0;     // now
  };
  Statistics statistics() const;

 private:
  struct Item {
    Batch batch;
    Callback done;
  };

  void run();
  bool gather(std::vector<Batch>& batches, std::vector<Callback>& callbacks);
  bool is_due(std::chrono::steady_clock::time_point now) const;
  void report(std::vector<CommitResult>&& results, std::vector<Callback>& callbacks);

  Store& store_;
  const std::size_t queue_max_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Item> queue_;
  std::size_t urgent_ = 0;  // of those queued
  std::chrono::steady_clock::time_point lazy_deadline_{};
  bool finishing_ = false;
  bool stopped_ = false;
  Statistics statistics_;
  std::thread thread_;  // last: it starts when everything above is there
};

}  // namespace kith::store
