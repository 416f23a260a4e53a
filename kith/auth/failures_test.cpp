#include "kith/auth/failures.h"

#include <doctest/doctest.h>

#include "kith/auth/limits.h"

using namespace kith;
using namespace kith::auth;

namespace {

const Address mallory = Address::v4(192, 0, 2, 66, 5060);

void fail(Failures& failures, std::size_t times, Time now) {
  for (std::size_t i = 0; i < times; ++i) failures.count(mallory, now);
}

}  // namespace

TEST_CASE("a source is refused after as many failures as the limit says, for one period") {
  Failures failures;
  const Time start{1h};
  fail(failures, limits::failures_per_source_max - 1, start);
  CHECK_FALSE(failures.too_many(mallory, start));
  fail(failures, 1, start + 1min);
  CHECK(failures.too_many(mallory, start + 1min));
  CHECK(failures.until(mallory) == start + limits::failures_period);
  CHECK_FALSE(failures.too_many(mallory, start + limits::failures_period));
  fail(failures, 1, start + limits::failures_period);
  CHECK_FALSE(failures.too_many(mallory, start + limits::failures_period));
}

TEST_CASE("another port is the same source, another address is not") {
  Failures failures;
  fail(failures, limits::failures_per_source_max, Time{1h});
  CHECK(failures.too_many(Address::v4(192, 0, 2, 66, 40000), Time{1h}));
  CHECK_FALSE(failures.too_many(Address::v4(192, 0, 2, 67, 5060), Time{1h}));
}

TEST_CASE("an IPv6 network of 64 bits is one source") {
  const auto a = Address::parse_host("2001:db8:1:2::1", 1);
  const auto b = Address::parse_host("2001:db8:1:2:ffff::9", 2);
  const auto c = Address::parse_host("2001:db8:1:3::1", 1);
  CHECK(source_of(*a) == source_of(*b));
  CHECK_FALSE(source_of(*a) == source_of(*c));
}

TEST_CASE("only so many sources are remembered") {
  Failures failures;
  for (std::size_t i = 0; i < limits::failing_sources_max + 10; ++i) {
    const auto byte = [i](unsigned shift) { return static_cast<std::uint8_t>(i >> shift); };
    failures.count(Address::v4(10, byte(16), byte(8), byte(0), 1), Time{1h} + Duration(i));
  }
  CHECK(failures.sources() == limits::failing_sources_max);
}
