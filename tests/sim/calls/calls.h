#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

/// Calls, subscriptions and registrations of one caller through two proxies, the second of which
/// forks to two callees, over links that lose, duplicate and reorder, in virtual time.
namespace kith::calls {

struct Outcome {
  std::size_t calls = 0;
  std::size_t answered = 0;  // calls that had a 2xx
  std::size_t datagrams = 0;
  std::vector<std::string> failures{};

  Outcome& operator+=(const Outcome& other) {
    calls += other.calls;
    answered += other.answered;
    datagrams += other.datagrams;
    return *this;
  }
};

using Trace = std::function<void(const std::string& line)>;

/// The same seed is the same run. Whatever began must have ended for a stated reason, and nothing
/// may be left of it days later: all else is a failure.
Outcome run(std::uint64_t seed, const Trace& trace = {});

}  // namespace kith::calls
