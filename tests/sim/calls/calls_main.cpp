#include <charconv>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <string>
#include <string_view>

#include "tests/sim/calls/calls.h"

namespace {

bool number(std::string_view text, std::uint64_t& value) {
  return std::from_chars(text.data(), text.data() + text.size(), value).ptr ==
         text.data() + text.size();
}

void print(const std::string& line) { std::printf("  %s\n", line.c_str()); }

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t first = 1;
  std::uint64_t count = 500;
  bool traced = false;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    std::uint64_t value = 0;
    if (!number(argv[i + 1], value)) return 2;
    if (name == "--seeds")
      count = value;
    else if (name == "--from")
      first = value;
    else if (name == "--seed")
      first = value, count = 1, traced = true;
    else
      return 2;
  }
  kith::calls::Outcome sum;
  std::uint64_t failed = 0;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const kith::calls::Outcome outcome =
        traced ? kith::calls::run(seed, print) : kith::calls::run(seed);
    sum += outcome;
    if (outcome.failures.empty()) continue;
    ++failed;
    for (const std::string& failure : outcome.failures) print(failure);
    std::printf("seed %llu failed; again: --seed %llu\n", static_cast<unsigned long long>(seed),
                static_cast<unsigned long long>(seed));
  }
  for (const auto& [reason, times] : sum.reasons) print(std::to_string(times) + " times " + reason);
  std::printf("%zu calls, %zu answered, %zu registrations, %zu datagrams, %.1f s of CPU time\n",
              sum.calls, sum.answered, sum.registered, sum.datagrams,
              static_cast<double>(std::clock()) / CLOCKS_PER_SEC);
  std::printf("%llu passed, %llu failed\n", static_cast<unsigned long long>(count - failed),
              static_cast<unsigned long long>(failed));
  return failed == 0 ? 0 : 1;
}
