#include "kith/base/diagnostics.h"

#include <doctest/doctest.h>

using namespace kith;

TEST_CASE("diagnostics keep what was tolerated in its order") {
  Diagnostics diagnostics;
  CHECK(diagnostics.empty());
  diagnostics.add({"first", "Via", 3});
  diagnostics.add({"second", "To", 9});
  CHECK(diagnostics.size() == 2);
  CHECK(diagnostics.begin()->rule == "first");
  CHECK(diagnostics.contains("second"));
  CHECK_FALSE(diagnostics.contains("third"));
}

TEST_CASE("hostile input does not make diagnostics grow without end") {
  Diagnostics diagnostics;
  for (std::size_t i = 0; i < 2 * Diagnostics::size_max; ++i) diagnostics.add({"odd", "here", i});
  CHECK(diagnostics.size() == Diagnostics::size_max);
  CHECK((diagnostics.end() - 1)->offset == Diagnostics::size_max - 1);
}
