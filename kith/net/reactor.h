#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <system_error>

#include "kith/base/time.h"
#include "kith/net/clock.h"

namespace kith::net {

/// Whether readiness of one kind is reported.
enum class Interest : std::uint8_t { off, on };

/// What to call when a descriptor is ready.
struct Ready {
  std::function<void()> readable;
  std::function<void()> writable;
};

/// Readiness of one descriptor, reported again as long as it lasts; at first neither kind is. Gone
/// with it are its callbacks: it may be destroyed inside one of them. The descriptor stays open.
class Watch {
 public:
  Watch() = default;
  Watch(Watch&&) noexcept = default;
  Watch& operator=(Watch&& other) noexcept;
  ~Watch();

  void readable(Interest interest);
  void writable(Interest interest);

 private:
  friend class Reactor;
  struct State;
  explicit Watch(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

/// One deadline, which may be moved. Moving it further off, as the timer of a busy loop is all the
/// time, costs nothing. Destroying it, even inside its callback, cancels it.
class Timer {
 public:
  Timer() = default;
  Timer(Timer&&) noexcept = default;
  Timer& operator=(Timer&& other) noexcept;
  ~Timer();

  /// Fires once, at `when` or soon after; at once if that is past. `never` cancels.
  void set(Time when);

 private:
  friend class Reactor;
  struct State;
  explicit Timer(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

/// Work for the end of this turn, when everything that is ready now has been served. Asked for many
/// times before that, it runs once.
class Task {
 public:
  Task() = default;
  Task(Task&&) noexcept = default;
  Task& operator=(Task&& other) noexcept;
  ~Task();

  void schedule();

 private:
  friend class Reactor;
  struct State;
  explicit Task(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

/// The loop of one thread: descriptors, timers, signals, and work posted by other threads. It must
/// outlive everything made by it. Only post(), stop() and now() may be called from other threads.
class Reactor {
 public:
  explicit Reactor(UtcClock clock = UtcClock::read());
  ~Reactor();
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;

  Time now() const { return clock_.now(); }

  std::expected<Watch, std::error_code> watch(int fd, Ready ready);
  Timer timer(std::function<void()> expired);
  Timer at(Time when, std::function<void()> expired);
  Task task(std::function<void()> work);

  /// Runs `then` in this loop each time the process is sent the signal, as long as the loop lives.
  void on_signal(int number, std::function<void()> then);

  /// Runs `work` in this loop, in the order of posting. Wakes the loop.
  void post(std::function<void()> work);

  /// Until stop(), whether or not there is anything to do.
  void run();

  /// Until `done`, asked after each event; false if the deadline or stop() came first.
  bool run_until(const std::function<bool()>& done, Time deadline);

  /// Makes run() return before its next event, the next run() if there is none now. The one after
  /// that goes on with what is left.
  void stop();

 private:
  struct Impl;
  UtcClock clock_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kith::net
