#include "kith/base/address.h"

#include <doctest/doctest.h>

#include <string>

using namespace kith;

TEST_CASE("an address is read and written: IPv6 in brackets where a port follows") {
  struct Case {
    std::string_view given;
    std::string host;
    std::string text;
  };
  for (const Case& each : {Case{"192.0.2.1", "192.0.2.1", "192.0.2.1:5060"},
                           Case{"2001:DB8::1", "2001:db8::1", "[2001:db8::1]:5060"},
                           Case{"[2001:db8::1]", "2001:db8::1", "[2001:db8::1]:5060"}}) {
    CAPTURE(each.given);
    const auto address = Address::parse_host(each.given, 5060);
    REQUIRE(address);
    CHECK(address->host() == each.host);
    CHECK(address->text() == each.text);
  }
}

TEST_CASE("what is no address is refused: names, ports, brackets that do not close") {
  for (const std::string_view bad : {"", "example.com", "192.0.2", "192.0.2.256", "192.0.2.1:5060",
                                     "[2001:db8::1", "2001:db8::1]", "[]", "::g", " 192.0.2.1"})
    CHECK_FALSE_MESSAGE(Address::parse_host(bad, 5060), bad);
}

TEST_CASE("IPv4 is one address, however it is written") {
  const Address plain = Address::v4(192, 0, 2, 1, 5060);
  CHECK(plain.is_v4());
  CHECK(Address::parse_host("192.0.2.1", 5060) == plain);
  CHECK(Address::parse_host("::ffff:192.0.2.1", 5060) == plain);
  CHECK_FALSE(Address::parse_host("::1", 5060)->is_v4());
  CHECK(Address::v4(192, 0, 2, 1, 5061) != plain);
}

TEST_CASE("neighbours do not share a hash") {
  const std::hash<Address> hash;
  const Address address = Address::v4(192, 0, 2, 1, 5060);
  CHECK(hash(address) == hash(Address::v4(192, 0, 2, 1, 5060)));
  CHECK(hash(address) != hash(Address::v4(192, 0, 2, 2, 5060)));
  CHECK(hash(address) != hash(Address::v4(192, 0, 2, 1, 5061)));
}
