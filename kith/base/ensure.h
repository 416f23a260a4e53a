#pragma once

#include <cstdio>
#include <cstdlib>
#include <source_location>

namespace kith {

/// Ends the process when something that we hold for certain is not so; in release builds too. For
/// our own mistakes, never for what a peer sent.
inline void ensure(bool holds, std::source_location at = std::source_location::current()) {
  if (holds) [[likely]]
    return;
  std::fprintf(stderr, "%s:%u: %s: this cannot be\n", at.file_name(),
               static_cast<unsigned>(at.line()), at.function_name());
  std::abort();
}

}  // namespace kith
