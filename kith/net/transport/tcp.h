#pragma once

#include <memory>

#include "kith/net/transport/stream.h"

namespace kith::net {

/// Bytes as they are. RFC 3261 §18.3
std::unique_ptr<Stream> open_tcp(const StreamSetup& setup);

}  // namespace kith::net
