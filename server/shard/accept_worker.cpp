#include "server/shard/accept_worker.h"

#include <utility>

#include "server/shard/limits.h"

namespace kith::server {

AcceptWorker::AcceptWorker(Accept accept)
    : accept_(std::move(accept)), thread_([this] { run(); }) {}

AcceptWorker::~AcceptWorker() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void AcceptWorker::submit(std::string token, Callback done) {
  {
    const std::scoped_lock lock(mutex_);
    if (jobs_.size() < limits::accept_jobs_max) {
      jobs_.push_back({std::move(token), std::move(done)});
      changed_.notify_one();
      return;
    }
  }
  done(std::unexpected(auth::AcceptFailure{auth::AcceptFailure::Kind::unavailable,
                                           "too many logins at once; the client may try again"}));
}

void AcceptWorker::run() {
  while (true) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return ending_ || !jobs_.empty(); });
      if (jobs_.empty()) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    job.done(accept_(job.token));
  }
}

}  // namespace kith::server
