#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "kith/auth/mechanism.h"

namespace kith::server {

/// Looks at handshake tokens one after another on a thread of its own: keytab and replay cache are
/// files, which shards do not wait for.
class AcceptWorker {
 public:
  using Accept = std::function<auth::AcceptResult(std::string_view token)>;
  using Callback = std::move_only_function<void(auth::AcceptResult)>;

  explicit AcceptWorker(Accept accept);
  /// Answers what was submitted, then ends.
  ~AcceptWorker();
  AcceptWorker(const AcceptWorker&) = delete;
  AcceptWorker& operator=(const AcceptWorker&) = delete;

  /// From any thread. A full queue is answered `unavailable` at once; otherwise `done` is called on
  /// the worker's thread.
  void submit(std::string token, Callback done);

 private:
  struct Job {
    std::string token;
    Callback done;
  };

  void run();

  Accept accept_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  bool ending_ = false;
  std::thread thread_;  // last: it starts when everything above is there
};

}  // namespace kith::server
