// Peers are C: they are counted where all memory comes from, in the functions of glibc, which it
// lets programs replace. Counting one is part of what it costs, so it is two instructions.

#include "bench/parse/allocations.h"

#include <cstdlib>

extern "C" {
void* __libc_malloc(std::size_t size) noexcept;
void* __libc_calloc(std::size_t count, std::size_t size) noexcept;
void* __libc_realloc(void* memory, std::size_t size) noexcept;
}

namespace {
std::size_t count = 0;
}

extern "C" void* malloc(std::size_t size) noexcept {
  ++count;
  return __libc_malloc(size);
}
extern "C" void* calloc(std::size_t number, std::size_t size) noexcept {
  ++count;
  return __libc_calloc(number, size);
}
extern "C" void* realloc(void* memory, std::size_t size) noexcept {
  ++count;
  return __libc_realloc(memory, size);
}

namespace kith::bench {
std::size_t allocations() { return count; }
}  // namespace kith::bench
