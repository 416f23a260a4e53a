#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace kith::crypto {

/// A digest as raw bytes. Everything here takes and gives raw bytes, never hexadecimal text; see
/// hex() for that. The text may be any bytes.
template <std::size_t Size>
using Digest = std::array<std::byte, Size>;

/// RFC 1321; for what demands it: two texts with the same digest can be made.
Digest<16> md5(std::string_view text);
/// FIPS 180-4; for identifiers: two texts with the same digest can be made.
Digest<20> sha1(std::string_view text);
/// FIPS 180-4
Digest<32> sha256(std::string_view text);
/// SHA-512 cut to 256 bits, with initial values of its own; FIPS 180-4
Digest<32> sha512_256(std::string_view text);

/// RFC 2104 §2
Digest<16> hmac_md5(std::string_view key, std::string_view text);
/// RFC 2104 §2; the key may be of any length.
Digest<32> hmac_sha256(std::string_view key, std::string_view text);

/// Lower-case hexadecimal digits, two a byte.
std::string hex(std::span<const std::byte> digest);

/// The same bytes as text, for what takes a string_view.
inline std::string_view view(std::span<const std::byte> digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace kith::crypto
