#include "kith/net/reactor.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace kith::net {
namespace {

struct Pipe {
  std::array<int, 2> ends{};
  Pipe() { REQUIRE(::pipe(ends.data()) == 0); }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    ::close(ends[0]);
    ::close(ends[1]);
  }
};

TEST_CASE("reactor: post from another thread wakes the loop, in order") {
  Reactor reactor;
  std::vector<int> order;
  std::thread other([&] {
    for (int i = 0; i < 100; ++i) reactor.post([&order, i] { order.push_back(i); });
    reactor.post([&] { reactor.stop(); });
  });
  reactor.run();
  other.join();
  REQUIRE(order.size() == 100);
  CHECK(std::ranges::is_sorted(order));
}

TEST_CASE("reactor: stop from another thread ends the loop, and it can run again") {
  Reactor reactor;
  std::thread other([&] { reactor.stop(); });
  bool ran = false;
  reactor.run();  // even if stop() came first
  other.join();
  reactor.post([&] {
    ran = true;
    reactor.stop();
  });
  reactor.run();
  CHECK(ran);
  reactor.stop();
  CHECK_FALSE(reactor.run_until([] { return false; }, never - 1h));
}

TEST_CASE("reactor: timers fire in the order of their deadlines") {
  Reactor reactor;
  const Time start = reactor.now();
  std::vector<int> order;
  const Timer third = reactor.at(start + 9ms, [&] { order.push_back(3); });
  const Timer first = reactor.at(start - 1h, [&] { order.push_back(1); });
  const Timer second = reactor.at(start + 3ms, [&] { order.push_back(2); });
  CHECK(order.empty());
  REQUIRE(reactor.run_until([&] { return order.size() == 3; }, start + 10s));
  CHECK(order == std::vector{1, 2, 3});
  CHECK(reactor.now() >= start + 9ms);
}

TEST_CASE("reactor: a timer may be moved either way, and cancelled") {
  Reactor reactor;
  const Time start = reactor.now();
  int fired = 0;
  Timer timer = reactor.at(start + 1ms, [&] { ++fired; });
  const auto passes = [&](Duration time) {
    CHECK_FALSE(reactor.run_until([] { return false; }, reactor.now() + time));
  };
  SUBCASE("later") {
    timer.set(start + 10ms);
    REQUIRE(reactor.run_until([&] { return fired == 1; }, start + 10s));
    CHECK(reactor.now() >= start + 10ms);
  }
  SUBCASE("earlier") {
    timer.set(start + 1h);
    timer.set(start + 2ms);
    CHECK(reactor.run_until([&] { return fired == 1; }, start + 10s));
  }
  SUBCASE("never") {
    timer.set(never);
    passes(3ms);
    CHECK(fired == 0);
    timer.set(reactor.now());
    CHECK(reactor.run_until([&] { return fired == 1; }, start + 10s));
  }
  SUBCASE("destroyed") {
    timer = Timer();
    passes(3ms);
    CHECK(fired == 0);
  }
  SUBCASE("as far as time goes") {
    timer.set(never - 1ns);
    passes(3ms);
    CHECK(fired == 0);
  }
  CHECK(fired <= 1);
}

TEST_CASE("reactor: a timer may be destroyed in its own callback") {
  Reactor reactor;
  std::optional<Timer> timer;
  bool fired = false;
  timer = reactor.at(reactor.now(), [&] {
    timer.reset();
    fired = true;
  });
  CHECK(reactor.run_until([&] { return fired; }, reactor.now() + 10s));
}

TEST_CASE("reactor: readiness is reported as long as it lasts and is wanted") {
  Reactor reactor;
  Pipe pipe;
  int reads = 0;
  std::optional<Watch> watch;
  watch = std::move(*reactor.watch(pipe.ends[0], {.readable = [&] { ++reads; }, .writable = {}}));
  REQUIRE(::write(pipe.ends[1], "x", 1) == 1);
  CHECK_FALSE(reactor.run_until([&] { return reads > 0; }, reactor.now() + 1ms));
  watch->readable(Interest::on);
  CHECK(reactor.run_until([&] { return reads == 3; }, reactor.now() + 10s));
  watch->readable(Interest::off);
  CHECK_FALSE(reactor.run_until([&] { return reads > 3; }, reactor.now() + 1ms));
  watch->readable(Interest::on);
  CHECK(reactor.run_until([&] { return reads == 4; }, reactor.now() + 10s));
  watch.reset();
  CHECK_FALSE(reactor.run_until([&] { return reads > 4; }, reactor.now() + 1ms));
}

TEST_CASE("reactor: a watch may be destroyed in its own callback") {
  Reactor reactor;
  Pipe pipe;
  bool done = false;
  std::optional<Watch> watch;
  watch = std::move(*reactor.watch(pipe.ends[1], {.readable = {}, .writable = [&] {
                                                    watch.reset();
                                                    done = true;
                                                  }}));
  watch->writable(Interest::on);
  CHECK(reactor.run_until([&] { return done; }, reactor.now() + 10s));
}

TEST_CASE("reactor: a descriptor that is none is refused") {
  Reactor reactor;
  CHECK(reactor.watch(-1, {}).error() == std::errc::bad_file_descriptor);
}

TEST_CASE("reactor: a task asked for twice runs once, after what is ready now") {
  Reactor reactor;
  std::vector<std::string> order;
  Task task = reactor.task([&] { order.emplace_back("task"); });
  reactor.post([&] {
    task.schedule();
    task.schedule();
    order.emplace_back("first");
  });
  reactor.post([&] { order.emplace_back("second"); });
  CHECK_FALSE(reactor.run_until([] { return false; }, reactor.now() + 1ms));
  CHECK(order == std::vector<std::string>{"first", "second", "task"});
  task.schedule();
  task = Task();
  CHECK_FALSE(reactor.run_until([] { return false; }, reactor.now() + 1ms));
  CHECK(order.size() == 3);
}

TEST_CASE("reactor: signals run in the loop, each time") {
  Reactor reactor;
  int reloads = 0;
  reactor.on_signal(SIGHUP, [&] { ++reloads; });
  for (int i = 1; i <= 2; ++i) {
    REQUIRE(::raise(SIGHUP) == 0);
    CHECK(reactor.run_until([&] { return reloads == i; }, reactor.now() + 10s));
  }
}

TEST_CASE("reactor: the time is UTC, and the same on all reactors of one clock") {
  const UtcClock clock = UtcClock::read();
  const Reactor one(clock);
  const Reactor two(clock);
  const Time before = one.now();
  const Time between = two.now();
  CHECK(before <= between);
  CHECK(between <= one.now());
  const auto utc = std::chrono::system_clock::now().time_since_epoch();
  CHECK(std::chrono::abs(before.time_since_epoch() - utc) < 1min);
}

}  // namespace
}  // namespace kith::net
