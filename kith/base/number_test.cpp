#include "kith/base/number.h"

#include <doctest/doctest.h>

#include <cstdint>

TEST_CASE("base: a number is all of the text, and fits") {
  CHECK(kith::number_of<std::uint8_t>("0") == 0);
  CHECK(kith::number_of<std::uint8_t>("255") == 255);
  CHECK(kith::number_of<std::uint32_t>("007") == 7);
  CHECK(kith::number_of<std::uint32_t>("4294967295") == 4294967295);
  for (const char* none : {"", " 1", "1 ", "+1", "-1", "1.0", "x", "1x", "256"})
    CHECK_FALSE(kith::number_of<std::uint8_t>(none));
  CHECK_FALSE(kith::number_of<std::uint32_t>("4294967296"));
}
