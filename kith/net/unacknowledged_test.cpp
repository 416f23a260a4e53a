#include "kith/net/unacknowledged.h"

#include <doctest/doctest.h>

namespace kith::net {
namespace {

using Messages = std::vector<std::string>;

TEST_CASE("unacknowledged: what left together is forgotten together, when all of it has arrived") {
  const struct {
    std::uint64_t acknowledged;
    Messages left;
  } rows[] = {
      {0, {"one", "two", "three", "four"}},
      {9, {"one", "two", "three", "four"}},  // one has arrived, but perhaps not two
      {10, {"three", "four"}},
      {11, {"three", "four"}},
      {29, {"four"}},
      {30, {}},
      {99, {}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.acknowledged);
    Unacknowledged sent;
    sent.add({"one", "two"}, 10);
    sent.add({}, 15);  // a message has left in part
    sent.add({"three"}, 20);
    sent.add({"four"}, 30);
    sent.forget(row.acknowledged);
    CHECK(sent.take() == row.left);
    CHECK(sent.take().empty());
  }
}

}  // namespace
}  // namespace kith::net
