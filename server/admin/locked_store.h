#pragma once

#include <mutex>

#include "server/store/store.h"

namespace kith::admin {

/// The store of a process in which an administrator writes beside the server's writer: one commit
/// at a time. The store outlives it.
class LockedStore final : public store::Store {
 public:
  explicit LockedStore(store::Store& store) : store_(store) {}

  std::expected<std::unique_ptr<store::Reader>, store::Trouble> reader() override {
    return store_.reader();
  }
  std::vector<store::CommitResult> commit(std::span<const store::Batch> batches) override {
    const std::scoped_lock lock(mutex_);
    return store_.commit(batches);
  }
  store::Health health() const override { return store_.health(); }
  std::expected<store::Counts, store::Trouble> backup(const std::filesystem::path& file) override {
    return store_.backup(file);
  }

 private:
  store::Store& store_;
  std::mutex mutex_;
};

}  // namespace kith::admin
