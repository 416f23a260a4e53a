#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

#include "server/store/open.h"
#include "server/store/sqlite/connection.h"

namespace kith::store::sqlite {

/// Copies the write-ahead log into the database on a connection and a thread of its own, beside the
/// commits. A log that is written all the time is never quite copied and so never starts over; when
/// it has become too long, one commit waits for the short rest.
class Checkpointer {
 public:
  Checkpointer(const Config& config, const std::string& vfs);
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  /// The writer says so after each commit, outside any transaction.
  void log_is(std::uint64_t bytes);

  /// Why the last attempt did not work; empty if it did.
  std::string trouble() const;

 private:
  void run();
  void checkpoint();

  const std::uint64_t step_bytes_;
  const std::uint64_t log_bytes_max_;
  std::uint64_t asked_at_ = 0;   // length of the log when the thread was last woken
  std::uint64_t forced_at_ = 0;  // and when a commit last waited

  std::mutex connection_mutex_;  // held while the connection works
  Connection connection_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool wanted_ = false;
  bool ending_ = false;
  std::string trouble_;
  std::thread thread_;
};

}  // namespace kith::store::sqlite
