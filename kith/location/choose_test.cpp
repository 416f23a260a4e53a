#include "kith/location/choose.h"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <map>
#include <string>

namespace kith::location {
namespace {

std::string order_of(const std::vector<Srv>& records) {
  std::string names;
  for (const Srv& srv : records) names += srv.target;
  return names;
}

TEST_CASE("RFC 2782: the lowest priority comes first, whatever the weights and the order sent") {
  SeededRandom random(7);
  for (int i = 0; i < 50; ++i)
    CHECK(order_of(in_order({{2, 9999, 1, "c"}, {0, 0, 1, "a"}, {1, 1, 1, "b"}}, random)) == "abc");
  CHECK(in_order({}, random).empty());
}

TEST_CASE("RFC 2782: of one priority, each is first as often as its weight says, all come once") {
  SeededRandom random(7);
  std::map<std::string, int> first;
  constexpr int draws = 20'000;
  for (int i = 0; i < draws; ++i) {
    const std::string order = order_of(
        in_order({{0, 60, 1, "a"}, {0, 30, 1, "b"}, {0, 10, 1, "c"}, {0, 0, 1, "d"}}, random));
    REQUIRE(order.size() == 4);
    for (const char c : std::string("abcd")) REQUIRE(order.contains(c));
    ++first[order.substr(0, 1)];
  }
  // The number is one of 0 to 100: 0 is d's, and the others have as many as their weights.
  const std::map<std::string, double> expected{
      {"a", 60 / 101.0}, {"b", 30 / 101.0}, {"c", 10 / 101.0}, {"d", 1 / 101.0}};
  for (const auto& [name, share] : expected) {
    CAPTURE(name);
    CHECK(std::abs(first[name] / double{draws} - share) < 0.012);
  }
}

TEST_CASE("RFC 2782: the sum of the largest weights does not overflow") {
  SeededRandom random(7);
  const std::vector<Srv> records(64, {0, 65'535, 1, "a"});
  CHECK(in_order(records, random).size() == 64);
}

TEST_CASE(
    "RFC 3403 §4.1: by order, then preference; another order is not considered after a match") {
  constexpr std::array spoken{Transport::tcp, Transport::udp};
  const std::vector<Naptr> records{
      {20, 1, "s", "SIP+D2U", "", "later"},       {10, 9, "s", "SIP+D2T", "", "third"},
      {10, 5, "S", "sip+d2u", "", "second"},      {10, 5, "s", "SIP+D2T", "", "first"},
      {1, 1, "s", "SIPS+D2T", "", "not spoken"},  {1, 1, "u", "SIP+D2U", "", "flag"},
      {1, 1, "", "SIP+D2U", "", "not terminal"},  {1, 1, "s", "SIP+D2W", "", "service"},
      {1, 1, "s", "SIP+D2U", "!.*!x!", "regexp"}, {1, 1, "s", "SIP+D2U", "", "."},
      {1, 1, "s", "SIPS+D2U", "", "no such"}};
  CHECK(offered(records, spoken) == std::vector<Service>{{Transport::tcp, "first"},
                                                         {Transport::udp, "second"},
                                                         {Transport::tcp, "third"}});
  CHECK(offered({}, spoken).empty());
  CHECK(offered(records, {}).empty());
}

TEST_CASE("RFC 3263 §4.2: the name of a service") {
  CHECK(service_name(Transport::udp, "example.com") == "_sip._udp.example.com");
  CHECK(service_name(Transport::tcp, "example.com") == "_sip._tcp.example.com");
  CHECK(service_name(Transport::tls, "example.com") == "_sips._tcp.example.com");
}

}  // namespace
}  // namespace kith::location
