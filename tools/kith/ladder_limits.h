#pragma once

#include <cstddef>

/// What a ladder can grow to: what it is drawn from may come from anybody.
namespace kith::tool::limits {

inline constexpr std::size_t arrows_max = 20'000;
inline constexpr std::size_t participants_max = 32;
/// Columns of a terminal between two participants, at least.
inline constexpr std::size_t spacing_min = 26;
/// Characters of a label, wherever there is room.
inline constexpr std::size_t label_max = 56;

}  // namespace kith::tool::limits
