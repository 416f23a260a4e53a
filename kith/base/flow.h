#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "kith/base/address.h"
#include "kith/base/transport.h"

namespace kith {

/// Which way bytes came, and the way to send others back. For a stream, `id` is the connection and
/// alone tells it from every other, in this process and for all its life. For UDP, `id` is the
/// socket, and `remote` tells its peers apart. An id is never 0; the shard is in its high 8 bits.
struct Flow {
  std::uint64_t id = 0;
  Transport transport = Transport::udp;
  Address local;
  Address remote;

  bool operator==(const Flow&) const = default;
};

/// The shard on which a flow is read and written.
inline std::uint8_t shard_of(std::uint64_t flow_id) {
  return static_cast<std::uint8_t>(flow_id >> 56U);
}

}  // namespace kith

template <>
struct std::hash<kith::Flow> {
  std::size_t operator()(const kith::Flow& flow) const noexcept {
    return std::hash<std::uint64_t>{}(flow.id) ^
           (std::hash<kith::Address>{}(flow.remote) * 0x9e3779b97f4a7c15U);
  }
};
