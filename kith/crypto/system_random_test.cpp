#include "kith/crypto/system_random.h"

#include <doctest/doctest.h>

using namespace kith::crypto;

TEST_CASE("sixteen random bytes do not come twice") {
  SystemRandom random;
  const std::string first = random.hex(16);
  CHECK(first.size() == 32);
  CHECK(random.hex(16) != first);
  CHECK(random.hex(0).empty());
}
