#pragma once

#include <cstddef>

namespace kith::resolver {

/// Questions that wait for an answer at a time; more are answered at once, by server_failure.
inline constexpr std::size_t questions_max = 4'096;

}  // namespace kith::resolver
