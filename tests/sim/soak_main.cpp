#include <charconv>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <deque>
#include <string>
#include <string_view>

#include "tests/sim/soak.h"

namespace {

constexpr std::size_t trace_lines_max = 400;

void explain(std::uint64_t seed) {
  std::deque<std::string> lines;
  kith::play::soak(seed, [&](const std::string& line) {
    lines.push_back(line);
    // What went wrong is more than what followed.
    const bool over =
        line.find("FAILED") != std::string::npos || line.find("VIOLATION") != std::string::npos;
    if (over)
      for (const std::string& each : lines) std::printf("  %s\n", each.c_str());
    if (over) lines.clear();
    if (lines.size() > trace_lines_max) lines.pop_front();
  });
}

bool number(std::string_view text, std::uint64_t& value) {
  return std::from_chars(text.data(), text.data() + text.size(), value).ptr ==
         text.data() + text.size();
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t first = 1;
  std::uint64_t count = 1000;
  std::uint64_t cpu_seconds_max = 0;  // 0: as many as it takes
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    std::uint64_t value = 0;
    if (!number(argv[i + 1], value)) return 2;
    if (name == "--seeds")
      count = value;
    else if (name == "--at-most-cpu-seconds")
      cpu_seconds_max = value;
    else if (name == "--from")
      first = value;
    else if (name == "--seed")
      first = value, count = 1;
    else
      return 2;
  }
  kith::play::Soaked sum;
  std::uint64_t failed = 0;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const kith::play::Soaked soaked = kith::play::soak(seed);
    sum += soaked;
    if (soaked.failures.empty()) continue;
    if (++failed <= 3) explain(seed);
    for (const std::string& failure : soaked.failures) std::printf("  %s\n", failure.c_str());
    std::printf("seed %llu failed; again: --seed %llu\n", static_cast<unsigned long long>(seed),
                static_cast<unsigned long long>(seed));
  }
  std::printf("%zu operations, %zu acknowledged, %zu crashes\n", sum.operations, sum.acknowledged,
              sum.crashes);
  // Not the time of day: others use the machine, too.
  const double cpu_seconds = static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
  std::printf("%.1f s of CPU time\n", cpu_seconds);
  const bool in_time = cpu_seconds_max == 0 || cpu_seconds <= static_cast<double>(cpu_seconds_max);
  if (!in_time)
    std::printf("FAILED  more than the %llu s that were allowed\n",
                static_cast<unsigned long long>(cpu_seconds_max));
  std::printf("%llu passed, %llu failed\n", static_cast<unsigned long long>(count - failed),
              static_cast<unsigned long long>(failed));
  return failed == 0 && in_time ? 0 : 1;
}
