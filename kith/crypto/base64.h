#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kith::crypto {

/// RFC 4648 §4, padded, on one line.
std::string base64_encode(std::string_view bytes);

/// Strict: the alphabet of RFC 4648 §4 only, whole padded groups of four, unused bits zero, no line
/// ends. Empty text is empty bytes.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace kith::crypto
