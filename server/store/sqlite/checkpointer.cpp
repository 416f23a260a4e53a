#include "server/store/sqlite/checkpointer.h"

#include <sqlite3.h>

namespace kith::store::sqlite {

Checkpointer::Checkpointer(const Config& config, const std::string& vfs)
    : step_bytes_(config.checkpoint_bytes),
      log_bytes_max_(config.log_bytes_max),
      connection_(config.database, vfs, Access::read_write) {
  // A connection finds out that there is a log when it first reads; before, it has none to copy.
  connection_.number("SELECT count(*) FROM sqlite_schema");
  thread_ = std::thread([this] { run(); });
}

Checkpointer::~Checkpointer() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Checkpointer::log_is(std::uint64_t bytes) {
  if (bytes < asked_at_) asked_at_ = forced_at_ = 0;  // the log has started over
  if (bytes >= log_bytes_max_ && bytes >= forced_at_ + step_bytes_) {
    forced_at_ = asked_at_ = bytes;
    checkpoint();
    return;
  }
  if (bytes < asked_at_ + step_bytes_) return;
  asked_at_ = bytes;
  {
    const std::scoped_lock lock(mutex_);
    wanted_ = true;
  }
  changed_.notify_one();
}

void Checkpointer::checkpoint() {
  std::string trouble;
  {
    const std::scoped_lock lock(connection_mutex_);
    const int code = sqlite3_wal_checkpoint_v2(connection_.handle(), "main",
                                               SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    // What is not copied stays in the log, which is durable: the next attempt copies it.
    if (code != SQLITE_OK && code != SQLITE_BUSY)
      trouble = "The log could not be copied into the database: " +
                Failed(connection_.handle()).sentence();
  }
  const std::scoped_lock lock(mutex_);
  trouble_ = std::move(trouble);
}

void Checkpointer::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return wanted_ || ending_; });
    if (ending_) return;
    wanted_ = false;
    lock.unlock();
    checkpoint();
    lock.lock();
  }
}

std::string Checkpointer::trouble() const {
  const std::scoped_lock lock(mutex_);
  return trouble_;
}

}  // namespace kith::store::sqlite
