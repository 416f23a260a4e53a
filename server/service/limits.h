#pragma once

#include <cstddef>

#include "kith/base/time.h"

/// What peers may make the service keep, and for how long.
namespace kith::service::limits {

/// Users in memory, of one shard. Beyond them a request of somebody else is answered 503.
inline constexpr std::size_t users_max = 1'000'000;
/// A user without devices, subscriptions and requests is forgotten after this.
inline constexpr Duration idle_user_lifetime = 60s;
/// Names without an account that are kept as long as users are; beyond them they are forgotten at
/// once, so that made-up From addresses do not fill the memory.
inline constexpr std::size_t strangers_max = 4'096;
/// Requests of one user that wait for the user to be loaded.
inline constexpr std::size_t waiting_per_user_max = 64;
/// When a user whom the store could not read is read again.
inline constexpr Duration load_again_after = 1s;
/// Outcomes of one user, and of all of a shard, that wait for the disk.
inline constexpr std::size_t held_per_user_max = 256;
inline constexpr std::size_t held_max = 65'536;
/// A longer body of a request is not kept while its outcome waits.
inline constexpr std::size_t held_body_bytes_max = 8'192;
/// How long the disk may take before the requests that wait for it are answered 503.
inline constexpr Duration commit_patience = 10s;

inline constexpr std::size_t bindings_per_user_max = 16;
inline constexpr std::size_t subscriptions_per_user_max = 64;
/// The longest body that is sent over UDP: of a datagram, what headers and signature leave.
inline constexpr std::size_t datagram_body_bytes_max = 56 * 1024;
/// Steps of a list of which it is remembered who made them.
inline constexpr std::size_t authors_remembered_max = 256;

}  // namespace kith::service::limits
