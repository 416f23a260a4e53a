#pragma once

#include <cstddef>

#include "kith/base/time.h"

/// What whoever may open the administration socket can make grow.
namespace kith::admin::limits {

/// Bytes of one request line. A request is a name, a password and a handful of principals.
inline constexpr std::size_t request_bytes_max = 64 * 1024;
/// Bytes of one answer line: a listing of all users is long.
inline constexpr std::size_t answer_bytes_max = 256 * 1024 * 1024;
/// Connections at a time; one more is closed at once.
inline constexpr std::size_t connections_max = 16;
/// A connection that has sent no whole request for so long is closed.
inline constexpr Duration idle_timer = 60s;
/// Bytes of a password.
inline constexpr std::size_t password_bytes_max = 1024;

}  // namespace kith::admin::limits
