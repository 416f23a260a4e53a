#pragma once

#include <cstddef>

namespace kith::bench {

/// Calls of malloc, calloc and realloc so far, and of new, which ends in one of them.
std::size_t allocations();

}  // namespace kith::bench
