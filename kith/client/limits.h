#pragma once

#include <cstddef>

#include "kith/base/time.h"

namespace kith::client {

/// Operations waiting for their turn; more are refused.
inline constexpr std::size_t operations_max = 1'000;

/// How often one operation is sent again because another device was quicker, or because it had to
/// be authenticated once more.
inline constexpr int attempts_max = 8;

/// How often a sign-in is challenged before it is given up: a well-behaved server needs two, or
/// three where the client fell back on another scheme.
inline constexpr int challenges_max = 6;

/// How often in a row the list is read anew without getting it.
inline constexpr int readings_max = 3;

/// How long the list, or the delta of an own change, may be missing before the list is read anew.
inline constexpr Duration list_patience = 5s;

/// How long signing out may take; after that the connection is closed without an answer.
inline constexpr Duration sign_out_patience = 5s;

/// How long a request may be without an acceptable final response: 64 * T1, RFC 3261 §17.1.2.2.
inline constexpr Duration answer_patience = 32s;

}  // namespace kith::client
