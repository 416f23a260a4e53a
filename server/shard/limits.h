#pragma once

#include <cstddef>

#include "kith/base/time.h"

namespace kith::server::limits {

/// Values that one shard may have waiting for it. Beyond them the senders stop reading.
inline constexpr std::size_t mailbox_max = 16'384;
/// How often a sender that found a full mailbox tries again.
inline constexpr Duration mailbox_retry = 2ms;
/// Handshake tokens that wait for the acceptor's thread.
inline constexpr std::size_t accept_jobs_max = 1'024;

}  // namespace kith::server::limits
