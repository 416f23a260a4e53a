#include "kith/base/overloaded.h"

#include <doctest/doctest.h>

#include <string>
#include <variant>

using namespace kith;

TEST_CASE("a variant is visited by the lambda of its alternative") {
  const auto kind = [](const std::variant<int, std::string>& value) {
    return std::visit(Overloaded{[](int) { return 'i'; }, [](const std::string&) { return 's'; }},
                      value);
  };
  CHECK(kind(1) == 'i');
  CHECK(kind("text") == 's');
}
