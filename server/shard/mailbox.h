#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

#include "server/shard/limits.h"

namespace kith::server {

/// What other threads want done on a shard's thread, in order. Bounded.
class Mailbox {
 public:
  using Mail = std::move_only_function<void()>;

  /// `wake` is called on the sender's thread when mail comes to an empty box.
  explicit Mailbox(std::function<void()> wake, std::size_t mails_max = limits::mailbox_max)
      : wake_(std::move(wake)), mails_max_(mails_max) {}

  /// False, and the mail as it was, if the box is full.
  [[nodiscard]] bool put(Mail& mail) {
    bool first = false;
    {
      const std::scoped_lock lock(mutex_);
      if (mails_.size() >= mails_max_) return false;
      first = mails_.empty();
      mails_.push_back(std::move(mail));
    }
    if (first) wake_();
    return true;
  }

  /// For results that were promised a place when their request was sent: never refused.
  void put_result(Mail mail) {
    bool first = false;
    {
      const std::scoped_lock lock(mutex_);
      first = mails_.empty();
      mails_.push_back(std::move(mail));
    }
    if (first) wake_();
  }

  std::vector<Mail> take() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(mails_, {});
  }

 private:
  std::function<void()> wake_;
  const std::size_t mails_max_;
  std::mutex mutex_;
  std::vector<Mail> mails_;
};

}  // namespace kith::server
