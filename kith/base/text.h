#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace kith {

/// ASCII only, as SIP compares: bytes above 127 are left alone.
constexpr char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
/// A copy with as many bytes.
std::string to_lower(std::string_view text);

/// Whether they differ in nothing but the case of ASCII letters: tokens and names, RFC 3261 §7.3.1
constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (to_lower(a[i]) != to_lower(b[i])) return false;
  return true;
}

/// Orders text without regard to ASCII case; for maps keyed by such text.
struct LessIgnoringCase {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const;
};

/// WSP of RFC 5234, what separates within a line.
constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// Without the blanks and tabs at both ends.
std::string_view trim(std::string_view text);

/// Lower-case hexadecimal digits, two a byte.
std::string to_hex(std::span<const std::byte> bytes);
/// Accepts both cases; nothing for an odd number of digits or anything that is no digit.
std::optional<std::string> from_hex(std::string_view digits);

/// The same memory, not a copy: good for as long as the text is.
inline std::span<const std::byte> as_bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

}  // namespace kith
