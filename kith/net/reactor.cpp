#include "kith/net/reactor.h"

// g++ 12 sees null pointers in Asio's executors and scheduler that are none.
#pragma GCC diagnostic ignored "-Wnull-dereference"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <list>
#include <utility>

namespace kith::net {

namespace asio = boost::asio;
using boost::system::error_code;

// Asio's waits outlive what they wait for by one turn, so each holds a share of the state.

struct Watch::State {
  State(asio::io_context& io, Ready callbacks) : descriptor(io), ready(std::move(callbacks)) {}

  struct Side {
    bool wanted = false;
    bool waiting = false;  // at most one wait is under way; it is not cancelled, but may go unheard
  };

  asio::posix::stream_descriptor descriptor;
  Ready ready;
  Side read;
  Side write;
  bool gone = false;

  static void want(const std::shared_ptr<State>& state, Side State::* side, Interest interest);
  static void wait(const std::shared_ptr<State>& state, Side State::* side);
};

void Watch::State::want(const std::shared_ptr<State>& state, Side State::* side,
                        Interest interest) {
  ((*state).*side).wanted = interest == Interest::on;
  wait(state, side);
}

void Watch::State::wait(const std::shared_ptr<State>& state, Side State::* side) {
  Side& it = (*state).*side;
  if (state->gone || !it.wanted || it.waiting) return;
  it.waiting = true;
  const auto kind = side == &State::read ? asio::posix::stream_descriptor::wait_read
                                         : asio::posix::stream_descriptor::wait_write;
  state->descriptor.async_wait(kind, [state, side](const error_code& error) {
    Side& ended = (*state).*side;
    ended.waiting = false;
    if (state->gone || error || !ended.wanted) return;
    side == &State::read ? state->ready.readable() : state->ready.writable();
    wait(state, side);
  });
}

Watch::Watch(std::shared_ptr<State> state) : state_(std::move(state)) {}

Watch::~Watch() {
  if (!state_) return;
  state_->gone = true;
  state_->descriptor.release();
}

Watch& Watch::operator=(Watch&& other) noexcept {
  Watch old(std::exchange(state_, std::exchange(other.state_, nullptr)));
  return *this;
}

void Watch::readable(Interest interest) { State::want(state_, &State::read, interest); }

void Watch::writable(Interest interest) { State::want(state_, &State::write, interest); }

struct Timer::State {
  State(asio::io_context& io, const UtcClock& utc_clock, std::function<void()> callback)
      : timer(io), clock(utc_clock), expired(std::move(callback)) {}

  asio::steady_timer timer;
  UtcClock clock;
  std::function<void()> expired;
  Time wanted = never;
  Time waiting = never;      // when the wait under way ends; it may be too early, never too late
  std::uint64_t latest = 0;  // a wait that was replaced may still complete, and is then ignored

  static void wait(const std::shared_ptr<State>& state);
};

void Timer::State::wait(const std::shared_ptr<State>& state) {
  if (state->wanted >= state->waiting) return;
  // What is far off is approached in steps, so that no sum overflows.
  const Time now = state->clock.now();
  state->waiting = std::clamp(state->wanted, now, now + 24h);
  state->timer.expires_at(state->clock.steady + (state->waiting - state->clock.utc));
  state->timer.async_wait([state, own = ++state->latest](const error_code&) {
    if (own != state->latest) return;
    state->waiting = never;
    if (state->wanted == never) return;
    if (state->clock.now() < state->wanted) return wait(state);
    state->wanted = never;
    state->expired();
  });
}

Timer::Timer(std::shared_ptr<State> state) : state_(std::move(state)) {}

Timer::~Timer() {
  if (!state_) return;
  ++state_->latest;
  state_->timer.cancel();
}

Timer& Timer::operator=(Timer&& other) noexcept {
  Timer old(std::exchange(state_, std::exchange(other.state_, nullptr)));
  return *this;
}

void Timer::set(Time when) {
  state_->wanted = when;
  State::wait(state_);
}

struct Task::State {
  State(asio::io_context& io_context, std::function<void()> callback)
      : io(io_context), work(std::move(callback)) {}

  asio::io_context& io;
  std::function<void()> work;
  bool scheduled = false;
  bool gone = false;
};

Task::Task(std::shared_ptr<State> state) : state_(std::move(state)) {}

Task::~Task() {
  if (state_) state_->gone = true;
}

Task& Task::operator=(Task&& other) noexcept {
  Task old(std::exchange(state_, std::exchange(other.state_, nullptr)));
  return *this;
}

void Task::schedule() {
  if (std::exchange(state_->scheduled, true)) return;
  asio::post(state_->io, [state = state_] {
    state->scheduled = false;
    if (!state->gone) state->work();
  });
}

struct Reactor::Impl {
  struct Signal {
    Signal(asio::io_context& io, int number, std::function<void()> callback)
        : set(io, number), then(std::move(callback)) {}

    asio::signal_set set;
    std::function<void()> then;

    void wait() {
      set.async_wait([this](const error_code& error, int) {
        if (error) return;
        then();
        wait();
      });
    }
  };

  asio::io_context io{1};  // run by one thread
  asio::executor_work_guard<asio::io_context::executor_type> always = asio::make_work_guard(io);
  std::list<Signal> signals;
};

Reactor::Reactor(UtcClock clock) : clock_(clock), impl_(std::make_unique<Impl>()) {}

Reactor::~Reactor() = default;

std::expected<Watch, std::error_code> Reactor::watch(int fd, Ready ready) {
  auto state = std::make_shared<Watch::State>(impl_->io, std::move(ready));
  error_code error;
  state->descriptor.assign(fd, error);
  if (error) return std::unexpected(std::error_code(error));
  return Watch(std::move(state));
}

Timer Reactor::timer(std::function<void()> expired) {
  return Timer(std::make_shared<Timer::State>(impl_->io, clock_, std::move(expired)));
}

Timer Reactor::at(Time when, std::function<void()> expired) {
  Timer result = timer(std::move(expired));
  result.set(when);
  return result;
}

Task Reactor::task(std::function<void()> work) {
  return Task(std::make_shared<Task::State>(impl_->io, std::move(work)));
}

void Reactor::on_signal(int number, std::function<void()> then) {
  impl_->signals.emplace_back(impl_->io, number, std::move(then)).wait();
}

void Reactor::post(std::function<void()> work) { asio::post(impl_->io, std::move(work)); }

void Reactor::run() {
  impl_->io.run();
  impl_->io.restart();  // after, not before: a stop() that came early is not lost
}

bool Reactor::run_until(const std::function<bool()>& done, Time deadline) {
  const Timer wake = at(deadline, [] {});
  while (!done()) {
    if (impl_->io.stopped()) {
      impl_->io.restart();
      return false;
    }
    if (now() >= deadline) return false;
    impl_->io.run_one();
  }
  return true;
}

void Reactor::stop() { impl_->io.stop(); }

}  // namespace kith::net
