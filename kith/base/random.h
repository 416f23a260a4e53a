#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace kith {

/// Where pure rooms get tags, branches and nonces from. The server passes the operating system's
/// generator in (crypto::SystemRandom), a simulation a seeded one.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::byte> bytes) = 0;

  std::uint64_t number();
  /// 2 * bytes lower-case hexadecimal digits.
  std::string hex(std::size_t bytes);
};

/// A repeatable sequence from a seed: for simulations and tests, never for secrets.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  void fill(std::span<std::byte> bytes) override;
  std::uint64_t next();
  /// Uniform enough for choosing among few: 0 to bound - 1.
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }

 private:
  std::uint64_t state_;
};

}  // namespace kith
