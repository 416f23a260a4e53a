#include <cstdint>
#include <cstdio>
#include <deque>
#include <optional>
#include <string>

#include "tests/sim/seeds.h"
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

}  // namespace

int main(int argc, char** argv) {
  const std::optional<kith::sim::Seeds> seeds = kith::sim::Seeds::parse(argc, argv, 1000);
  if (!seeds) return 2;
  kith::play::Soaked sum;
  std::uint64_t failed = 0;
  for (std::uint64_t seed = seeds->first; seed < seeds->first + seeds->count; ++seed) {
    const kith::play::Soaked soaked = kith::play::soak(seed);
    sum += soaked;
    if (soaked.failures.empty()) continue;
    if (++failed <= 3) explain(seed);
    for (const std::string& failure : soaked.failures) std::printf("  %s\n", failure.c_str());
    kith::sim::Seeds::print_failed(seed);
  }
  std::printf("%zu operations, %zu acknowledged, %zu crashes\n", sum.operations, sum.acknowledged,
              sum.crashes);
  return seeds->finish(failed);
}
