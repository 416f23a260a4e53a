#include "server/store/writer.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace kith::store {

Writer::Writer(Store& store, std::size_t queue_max)
    : store_(store), queue_max_(queue_max), thread_([this] { run(); }) {}

Writer::~Writer() { finish(); }

void Writer::finish() {
  {
    const std::scoped_lock lock(mutex_);
    finishing_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

bool Writer::submit(Batch batch, Callback done, Urgency urgency) {
  const auto now = std::chrono::steady_clock::now();
  {
    const std::scoped_lock lock(mutex_);
    if (finishing_ || stopped_ || queue_.size() >= queue_max_) return false;
    if (urgency == Urgency::now)
      ++urgent_;
    else if (queue_.size() == urgent_)  // the first that may wait
      lazy_deadline_ = now + lazy_delay;
    queue_.push_back(Item{std::move(batch), std::move(done)});
  }
  changed_.notify_one();
  return true;
}

bool Writer::is_due(std::chrono::steady_clock::time_point now) const {
  return finishing_ || urgent_ > 0 || (!queue_.empty() && now >= lazy_deadline_);
}

bool Writer::gather(std::vector<Batch>& batches, std::vector<Callback>& callbacks) {
  std::unique_lock lock(mutex_);
  while (!is_due(std::chrono::steady_clock::now())) {
    if (queue_.empty())
      changed_.wait(lock);
    else
      changed_.wait_until(lock, lazy_deadline_);
  }
  if (queue_.empty()) return false;  // finishing, and nothing is left

  const std::size_t count = std::min(queue_.size(), batches_in_commit_max);
  for (std::size_t i = 0; i < count; ++i) {
    batches.push_back(std::move(queue_.front().batch));
    callbacks.push_back(std::move(queue_.front().done));
    queue_.pop_front();
  }
  // The order of submission is kept, so what could have waited may stand before what may not. As
  // long as something is left, the next round starts at once.
  urgent_ = queue_.size();
  return true;
}

void Writer::report(std::vector<CommitResult>&& results, std::vector<Callback>& callbacks) {
  assert(results.size() == callbacks.size());
  {
    const std::scoped_lock lock(mutex_);
    ++statistics_.commits;
    statistics_.batches += results.size();
    statistics_.largest = std::max<std::uint64_t>(statistics_.largest, results.size());
    for (const CommitResult& result : results) {
      if (result.how == Commit::refused) ++statistics_.refused;
      if (result.how == Commit::unknown) stopped_ = true;
    }
  }
  for (std::size_t i = 0; i < results.size(); ++i) callbacks[i](std::move(results[i]));
}

void Writer::run() {
  std::vector<Batch> batches;
  std::vector<Callback> callbacks;
  while (gather(batches, callbacks)) {
    report(store_.commit(batches), callbacks);
    batches.clear();
    callbacks.clear();
  }
}

Writer::Statistics Writer::statistics() const {
  const std::scoped_lock lock(mutex_);
  Statistics statistics = statistics_;
  statistics.queued = queue_.size();
  return statistics;
}

}  // namespace kith::store
