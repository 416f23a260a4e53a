#include "kith/sip/header/p_visited_network_id.h"

#include "kith/sip/test/header_check.h"

using namespace kith::sip;

TEST_CASE("RFC 7315 §5.3: P-Visited-Network-ID is a token or quoted") {
  test::accepts<PVisitedNetworkId>({{"other.net", ""},
                                    {"\"Visited network number 1\";x=1", ""},
                                    {"\"a\\\"b\\\\\"", ""},
                                    {"\"token\"", ""},
                                    {"\"\"", ""}});
  test::refuses<PVisitedNetworkId>({"", ";x", "a b", "\"a", "a@b", "\"a\" b", "\"a\"b"});
}

TEST_CASE("RFC 7315 §5.3: a network that is no token is written in quotes") {
  CHECK(kith::written(PVisitedNetworkId{.network = "a \"b\"", .params = {}}) == "\"a \\\"b\\\"\"");
  CHECK(kith::written(PVisitedNetworkId{.network = "a", .params = {}}) == "a");
  const auto header = test::read_whole<PVisitedNetworkId>("\"a \\\"b\"", kith::Mode::strict);
  REQUIRE(header);
  CHECK(header->network == "a \"b");
  CHECK(header->quoted);
}
