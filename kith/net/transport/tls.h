#pragma once

#include <memory>

#include "kith/net/transport/stream.h"

namespace kith::net {

/// OpenSSL directly on the descriptor. An idle connection keeps no buffers. RFC 3261 §26.2.1
std::unique_ptr<Stream> open_tls(const StreamSetup& setup);

}  // namespace kith::net
