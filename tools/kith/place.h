#pragma once

#include <cstdint>
#include <string>

#include "tools/kith/options.h"

namespace kith::tool {

/// Where a server is, before its name is looked up.
struct Place {
  std::string host;
  std::uint16_t port = 0;

  bool operator==(const Place&) const = default;
};

/// "host", "host:port", "[::1]:port" or "::1" of --server, or else the domain of the user. The
/// error is of usage.
Maybe<Place> place_of(const Options& options);
/// How to get there to sign in.
inline Transport transport_of(const Options& options) {
  return options.transport.value_or(Transport::tcp);
}

}  // namespace kith::tool
