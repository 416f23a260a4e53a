#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>

#include "tests/sim/calls/calls.h"
#include "tests/sim/seeds.h"

namespace {

void print(const std::string& line) { std::printf("  %s\n", line.c_str()); }

}  // namespace

int main(int argc, char** argv) {
  const std::optional<kith::sim::Seeds> seeds = kith::sim::Seeds::parse(argc, argv, 500);
  if (!seeds) return 2;
  kith::calls::Outcome sum;
  std::uint64_t failed = 0;
  for (std::uint64_t seed = seeds->first; seed < seeds->first + seeds->count; ++seed) {
    const kith::calls::Outcome outcome =
        seeds->alone ? kith::calls::run(seed, print) : kith::calls::run(seed);
    sum += outcome;
    if (outcome.failures.empty()) continue;
    ++failed;
    for (const std::string& failure : outcome.failures) print(failure);
    kith::sim::Seeds::print_failed(seed);
  }
  for (const auto& [reason, times] : sum.reasons) print(std::to_string(times) + " times " + reason);
  std::printf("%zu calls, %zu answered, %zu registrations, %zu datagrams\n", sum.calls,
              sum.answered, sum.registered, sum.datagrams);
  return seeds->finish(failed);
}
