#include "kith/base/timer_wheel.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "kith/base/random.h"

namespace kith {
namespace {

constexpr Time start = Time{} + 1'763'689'728s;

struct Firing {
  Time at;
  std::uint32_t item;
  bool operator==(const Firing&) const = default;
};

std::vector<Firing> run(TimerWheel& wheel, Time end) {
  std::vector<Firing> fired;
  for (Time now = wheel.next(); now <= end; now = wheel.next())
    while (const auto item = wheel.expired(now)) fired.push_back({now, *item});
  return fired;
}

}  // namespace

TEST_CASE("timers fire at their times, in their order") {
  TimerWheel wheel;
  wheel.set(0, start + 32s);
  wheel.set(1, start + 500ms);
  wheel.set(2, start + 24h);
  wheel.set(3, start + 500ms);
  CHECK(wheel.size() == 4);
  CHECK(run(wheel, start + 48h) ==
        std::vector<Firing>{
            {start + 500ms, 1}, {start + 500ms, 3}, {start + 32s, 0}, {start + 24h, 2}});
  CHECK(wheel.next() == never);
}

TEST_CASE("a timer never fires early, and at most a millisecond late") {
  TimerWheel wheel;
  wheel.set(0, start + Duration{1});
  CHECK_FALSE(wheel.expired(start));
  CHECK_FALSE(wheel.expired(start + Duration{999'999}));
  CHECK(wheel.expired(start + 1ms) == 0U);
}

TEST_CASE("a timer that is set again or stopped does not fire at its former time") {
  TimerWheel wheel;
  wheel.set(0, start + 1s);
  wheel.set(1, start + 1s);
  wheel.set(0, start + 2s);
  wheel.stop(1);
  wheel.stop(7);  // was never set
  CHECK_FALSE(wheel.running(1));
  CHECK_FALSE(wheel.expired(start + 1s));
  CHECK(wheel.expired(start + 2s) == 0U);
  wheel.set(0, never);
  CHECK(wheel.size() == 0);
  CHECK(wheel.next() == never);
}

TEST_CASE("a time that has passed fires at once") {
  TimerWheel wheel;
  CHECK_FALSE(wheel.expired(start));
  wheel.set(0, start - 1h);
  CHECK(wheel.next() <= start);
  CHECK(wheel.expired(start) == 0U);
}

TEST_CASE("a wheel does what a sorted list does") {
  SeededRandom random{7};
  TimerWheel wheel;
  std::map<std::uint32_t, Time> model;
  Time now = start;
  for (int step = 0; step < 20'000; ++step) {
    const auto item = static_cast<std::uint32_t>(random.below(100));
    const auto after = Duration{1ms} * (random.below(1U << random.below(24)));
    switch (random.below(4)) {
      case 0:
        wheel.stop(item);
        model.erase(item);
        break;
      case 1: {
        now += Duration{1ms} * random.below(1U << random.below(16));
        REQUIRE(wheel.next() <=
                (model.empty() ? never : std::ranges::min_element(model, {}, [](const auto& entry) {
                                           return entry.second;
                                         })->second));
        while (const auto fired = wheel.expired(now)) {
          REQUIRE(model.at(*fired) <= now);
          model.erase(*fired);
        }
        for (const auto& [waiting, when] : model) REQUIRE(when > now);
        break;
      }
      default:
        wheel.set(item, now + after);
        model[item] = now + after;
    }
    REQUIRE(wheel.size() == model.size());
  }
}

}  // namespace kith
