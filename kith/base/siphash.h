#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace kith {

/// SipHash-2-4 with a key of 16 bytes: a hash whose collisions a peer cannot aim at.
std::uint64_t siphash(std::span<const std::byte> bytes, std::span<const std::uint8_t> key);

}  // namespace kith
