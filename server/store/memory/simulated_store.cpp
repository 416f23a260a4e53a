#include "server/store/memory/simulated_store.h"

#include <algorithm>
#include <utility>

namespace kith::store {

Duration SimulatedStore::between(Duration least, Duration most) {
  if (most <= least) return least;
  const auto span = static_cast<std::uint64_t>((most - least).count());
  return least + Duration{static_cast<Duration::rep>(random_.number() % (span + 1))};
}

std::optional<SimulatedStore::Ticket> SimulatedStore::submit(Batch batch, Time now) {
  if (stopped_ || queue_.size() >= queued_batches_max) return std::nullopt;
  queue_.push_back(Pending{++last_ticket_, std::move(batch)});
  if (commit_due_ == never) start(now);
  return last_ticket_;
}

SimulatedStore::Ticket SimulatedStore::load(const sip::Aor& aor, Time now) {
  Time due = now + between(disk_.load_min, disk_.load_max);
  if (!loads_.empty()) due = std::max(due, loads_.back().due);
  loads_.push_back(PendingLoad{++last_ticket_, aor, due});
  return last_ticket_;
}

void SimulatedStore::start(Time now) {
  const std::size_t count = std::min(queue_.size(), batches_in_commit_max);
  for (std::size_t i = 0; i < count; ++i) {
    under_way_.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  commit_due_ = now + between(disk_.commit_min, disk_.commit_max);
}

std::vector<CommitResult> SimulatedStore::write() {
  std::vector<Batch> batches;
  for (Pending& pending : under_way_) batches.push_back(std::move(pending.batch));
  return durable_.commit(batches);
}

void SimulatedStore::finish() {
  std::vector<CommitResult> results;
  if (stopped_) {
    results.assign(under_way_.size(), refused(Cause::stopped, "An earlier commit ended unknown."));
  } else if (disk_.full) {
    results.assign(under_way_.size(), refused(Cause::disk_full, "The simulated disk is full."));
  } else if (happens(disk_.refuse_per_mille)) {
    results.assign(under_way_.size(), refused(Cause::io_error, "The simulated disk refuses."));
  } else if (happens(disk_.unknown_per_mille)) {
    stopped_ = true;
    if (happens(500)) write();
    results.assign(under_way_.size(), CommitResult{Commit::unknown, Cause::io_error,
                                                   "The simulated disk does not say."});
  } else {
    results = write();
  }
  for (std::size_t i = 0; i < under_way_.size(); ++i)
    committed_.push_back(Committed{under_way_[i].ticket, std::move(results[i])});
  under_way_.clear();
}

std::optional<SimulatedStore::Answer> SimulatedStore::poll(Time now) {
  if (committed_.empty() && commit_due_ <= now) {
    const Time ended = commit_due_;
    commit_due_ = never;
    finish();
    if (!queue_.empty()) start(ended);
  }
  if (!committed_.empty()) {
    Answer answer = std::move(committed_.front());
    committed_.pop_front();
    return answer;
  }
  if (loads_.empty() || loads_.front().due > now) return std::nullopt;
  const PendingLoad due = std::move(loads_.front());
  loads_.pop_front();
  if (happens(disk_.load_fails_per_mille))
    return Loaded{due.ticket,
                  std::unexpected(Trouble{Cause::io_error, "The simulated disk does not read."})};
  return Loaded{due.ticket, (*durable_.reader())->load(due.aor)};
}

Time SimulatedStore::next_deadline() const {
  if (!committed_.empty()) return Time::min();  // at once
  Time next = commit_due_;
  if (!loads_.empty()) next = std::min(next, loads_.front().due);
  return next;
}

void SimulatedStore::power_fail() {
  if (!under_way_.empty() && !disk_.full && happens(500)) write();
  under_way_.clear();
  queue_.clear();
  loads_.clear();
  committed_.clear();
  commit_due_ = never;
  stopped_ = false;
}

}  // namespace kith::store
