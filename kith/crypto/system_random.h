#pragma once

#include "kith/base/random.h"

namespace kith::crypto {

/// The operating system's generator, by way of OpenSSL: good enough for keys and nonces.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::byte> bytes) override;
};

}  // namespace kith::crypto
