#pragma once

#include <cstdint>

namespace kith::log::limits {

/// Lines of one event in one second. With 20 of them a flood that never ends writes less than half
/// a gigabyte a day, and nobody reads more.
inline constexpr std::uint64_t lines_per_second_max = 20;

}  // namespace kith::log::limits
