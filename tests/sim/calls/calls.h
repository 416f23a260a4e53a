#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

/// Calls, subscriptions and registrations over links that lose, duplicate and reorder, in virtual
/// time: of one caller through two proxies, the second of which forks to two callees, and with each
/// fourth seed of two who reach each other directly.
namespace kith::calls {

struct Outcome {
  std::size_t calls = 0;
  std::size_t answered = 0;    // calls that had a 2xx
  std::size_t registered = 0;  // how often a registration came up
  std::size_t datagrams = 0;
  std::map<std::string, std::size_t> reasons{};  // why transactions and dialogs ended
  std::vector<std::string> failures{};

  Outcome& operator+=(const Outcome& other) {
    calls += other.calls;
    answered += other.answered;
    registered += other.registered;
    datagrams += other.datagrams;
    for (const auto& [reason, count] : other.reasons) reasons[reason] += count;
    return *this;
  }
};

using Trace = std::function<void(const std::string& line)>;

/// The same seed is the same run. Whatever began must have ended for a stated reason, and nothing
/// may be left of it days later: all else is a failure.
Outcome run(std::uint64_t seed, const Trace& trace = {});

}  // namespace kith::calls
