#pragma once

#include <cstddef>

/// What the input of `kith lint` can make grow.
namespace kith::tool::limits {

/// Bytes of a file of messages as text. Of a capture only what kith/capture/limits.h says is held.
inline constexpr std::size_t text_bytes_max = 64 * 1024 * 1024;
/// Bytes of one line for --jsonl: the longest message in base64, and what is around it.
inline constexpr std::size_t line_bytes_max = 2 * 1024 * 1024;
/// Characters of an offending line that are shown.
inline constexpr std::size_t excerpt_width = 96;

}  // namespace kith::tool::limits
