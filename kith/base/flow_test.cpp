#include "kith/base/flow.h"

#include <doctest/doctest.h>

using namespace kith;

namespace {

Flow flow(std::uint64_t id) {
  return {.id = id,
          .transport = Transport::udp,
          .local = Address::v4(192, 0, 2, 1, 5060),
          .remote = Address::v4(192, 0, 2, 21, 5060)};
}

}  // namespace

TEST_CASE("the high 8 bits of a flow's id are its shard") {
  CHECK(shard_of(1) == 0);
  CHECK(shard_of(0x00ff'ffff'ffff'ffffULL) == 0);
  CHECK(shard_of(0x0300'0000'0000'0001ULL) == 3);
  CHECK(shard_of(0xff00'0000'0000'0000ULL) == 255);
}

TEST_CASE("one UDP socket has a flow for each peer") {
  Flow other = flow(1);
  other.remote.port = 5061;
  CHECK(flow(1) == flow(1));
  CHECK(flow(1) != other);
  const std::hash<Flow> hash;
  CHECK(hash(flow(1)) == hash(flow(1)));
  CHECK(hash(flow(1)) != hash(other));
  CHECK(hash(flow(1)) != hash(flow(2)));
}

TEST_CASE("RFC 3261 §20.42: transports as Via names them, and which are streams") {
  CHECK(to_string(Transport::udp) == "UDP");
  CHECK(to_string(Transport::tcp) == "TCP");
  CHECK(to_string(Transport::tls) == "TLS");
  CHECK_FALSE(is_stream(Transport::udp));
  CHECK(is_stream(Transport::tcp));
  CHECK(is_stream(Transport::tls));
}
