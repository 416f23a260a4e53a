#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/sim/world.h"

namespace kith::play {

/// What came of one random world.
struct Soaked {
  std::vector<std::string> failures;  // empty: all invariants held
  std::size_t operations = 0;
  std::size_t acknowledged = 0;
  std::size_t crashes = 0;

  /// The numbers; failures stay with the world that they belong to.
  Soaked& operator+=(const Soaked& other) {
    operations += other.operations;
    acknowledged += other.acknowledged;
    crashes += other.crashes;
    return *this;
  }
};

/// Plays a world that is made of the seed alone: users, devices, operations, faults of links and
/// disk, crashes; then lets it heal, and end.
Soaked soak(std::uint64_t seed, World::Trace trace = {});

}  // namespace kith::play
