#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kith::capture {

/// Which byte of a number comes first.
enum class ByteOrder : std::uint8_t { little, big };

inline std::uint8_t u8(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

/// The number of `size` bytes at a place; whoever asks knows that they are there.
inline std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t size,
                               ByteOrder order) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i)
    value = value << 8 | u8(bytes, order == ByteOrder::big ? at + i : at + size - 1 - i);
  return value;
}

inline std::uint16_t u16(std::string_view bytes, std::size_t at, ByteOrder order = ByteOrder::big) {
  return static_cast<std::uint16_t>(number_at(bytes, at, 2, order));
}

inline std::uint32_t u32(std::string_view bytes, std::size_t at, ByteOrder order = ByteOrder::big) {
  return static_cast<std::uint32_t>(number_at(bytes, at, 4, order));
}

}  // namespace kith::capture
