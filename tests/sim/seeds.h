#pragma once

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <optional>
#include <string_view>

namespace kith::sim {

/// What a program that runs seed after seed is told: options that each have a number.
struct Seeds {
  std::uint64_t first = 1;            // --from
  std::uint64_t count = 0;            // --seeds
  bool alone = false;                 // --seed: this one only, told in full
  std::uint64_t cpu_seconds_max = 0;  // --at-most-cpu-seconds; 0: as many as it takes

  /// Nothing if they cannot be understood.
  static std::optional<Seeds> parse(int argc, char** argv, std::uint64_t count) {
    Seeds seeds{.count = count};
    for (int i = 1; i < argc; i += 2) {
      const std::string_view name = argv[i];
      std::uint64_t value = 0;
      if (i + 1 == argc || !number(argv[i + 1], value)) return std::nullopt;
      if (name == "--seeds")
        seeds.count = value;
      else if (name == "--from")
        seeds.first = value;
      else if (name == "--seed")
        seeds = {.first = value, .count = 1, .alone = true};
      else if (name == "--at-most-cpu-seconds")
        seeds.cpu_seconds_max = value;
      else
        return std::nullopt;
    }
    return seeds;
  }

  /// Says which seed is to be run again.
  static void print_failed(std::uint64_t seed) {
    std::printf("seed %llu failed; again: --seed %llu\n", static_cast<unsigned long long>(seed),
                static_cast<unsigned long long>(seed));
  }
  /// The last lines of a run, and its exit code.
  int finish(std::uint64_t failed) const {
    // Not the time of day: others use the machine, too.
    const double cpu_seconds = static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
    std::printf("%.1f s of CPU time\n", cpu_seconds);
    const bool in_time =
        cpu_seconds_max == 0 || cpu_seconds <= static_cast<double>(cpu_seconds_max);
    if (!in_time)
      std::printf("FAILED  more than the %llu s that were allowed\n",
                  static_cast<unsigned long long>(cpu_seconds_max));
    std::printf("%llu passed, %llu failed\n", static_cast<unsigned long long>(count - failed),
                static_cast<unsigned long long>(failed));
    return failed == 0 && in_time ? 0 : 1;
  }

 private:
  static bool number(std::string_view text, std::uint64_t& value) {
    return std::from_chars(text.data(), text.data() + text.size(), value).ptr ==
           text.data() + text.size();
  }
};

}  // namespace kith::sim
