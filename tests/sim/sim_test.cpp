#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/sim/scenario.h"
#include "tests/sim/soak.h"

namespace kith::play {

TEST_CASE("every play in tests/scenario goes as written") {
  std::vector<std::filesystem::path> plays;
  for (const auto& entry : std::filesystem::directory_iterator(KITH_SOURCE_DIR "/tests/scenario"))
    if (entry.path().extension() == ".scn") plays.push_back(entry.path());
  std::ranges::sort(plays);
  CHECK(plays.size() > 15);
  for (const std::filesystem::path& path : plays) {
    std::ifstream file(path, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    const auto failed = perform(text);
    const std::string why = failed.value_or("");
    CHECK_MESSAGE(!failed, path.filename().string(), ":", why);
  }
}

TEST_CASE("a play that does not go as written says where") {
  CHECK(perform("alice has devices a1\na1 signs in\na1 receives 999\n")
            ->starts_with("3: a1 receives 999"));
  CHECK(perform("bob signs in\n"));
  CHECK(perform("alice has devices a1\na1 sings\n"));
}

TEST_CASE("random worlds keep what they acknowledged, and end") {
  Soaked sum;
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    CAPTURE(seed);
    const Soaked soaked = soak(seed);
    for (const std::string& failure : soaked.failures) FAIL_CHECK(failure);
    sum += soaked;
  }
  // Worlds in which nothing happens would keep everything.
  CHECK(sum.operations > 500);
  CHECK(sum.acknowledged > 100);
  CHECK(sum.crashes > 5);
}

}  // namespace kith::play
