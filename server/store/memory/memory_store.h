#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "server/store/store.h"

namespace kith::store {

/// The store's contract without a disk: for simulations and tests. One thread only, readers
/// included; nothing in it is a file, a clock or chance. Its backup() is refused.
class MemoryStore final : public Store {
 public:
  std::expected<std::unique_ptr<Reader>, Trouble> reader() override;
  std::vector<CommitResult> commit(std::span<const Batch> batches) override;
  Health health() const override;
  std::expected<Counts, Trouble> backup(const std::filesystem::path& file) override;

  /// Until called with Cause::none, every commit is refused with this cause.
  void refuse_commits(Cause cause) { refusal_ = cause; }

  using Users = std::map<std::string, UserRecord, std::less<>>;  // by address of record
  const Users& users() const { return users_; }

 private:
  CommitResult put(const Batch& batch);

  Users users_;
  Cause refusal_ = Cause::none;
};

}  // namespace kith::store
