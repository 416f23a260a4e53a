#include "kith/crypto/system_random.h"

#include <openssl/rand.h>

#include <cstdlib>

namespace kith::crypto {

void SystemRandom::fill(std::span<std::byte> bytes) {
  auto* out = reinterpret_cast<unsigned char*>(bytes.data());
  // Without entropy every nonce and tag would be guessable: there is no way to go on.
  if (RAND_bytes(out, static_cast<int>(bytes.size())) != 1) std::abort();
}

}  // namespace kith::crypto
