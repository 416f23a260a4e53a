#pragma once

// What the code of URIs shares about escapes and hosts; nobody else but the Via includes this.

#include <algorithm>
#include <string>
#include <string_view>

#include "kith/base/scanner.h"
#include "kith/base/text.h"

namespace kith::sip {

/// unreserved = alphanum / mark: RFC 3261 §25.1. Escaping one of these changes nothing.
inline constexpr CharSet uri_unreserved = digits | letters | CharSet{"-_.!~*'()"};

/// One character of a URI: a byte, and whether it was escaped although it need not be. An escaped
/// reserved character is not the same as the bare one: RFC 3261 §19.1.4
struct Unit {
  char c = '\0';
  bool escaped = false;

  bool operator==(const Unit&) const = default;
};

/// Takes the first one off the text, which is not empty; a stray '%' stands for itself.
inline Unit take_unit(std::string_view& text) {
  const auto value = [](char c) { return c <= '9' ? c - '0' : to_lower(c) - 'a' + 10; };
  Unit unit{text.front()};
  std::size_t length = 1;
  if (unit.c == '%' && text.size() >= 3 && hex_digits[text[1]] && hex_digits[text[2]]) {
    unit.c = static_cast<char>(value(text[1]) * 16 + value(text[2]));
    unit.escaped = !uri_unreserved[unit.c];
    length = 3;
  }
  text.remove_prefix(length);
  return unit;
}

/// The first of a URI's headers, without the "&" behind it, which goes too.
inline std::string_view take_header(std::string_view& headers) {
  const std::size_t end = std::min(headers.find('&'), headers.size());
  const std::string_view header = headers.substr(0, end);
  headers.remove_prefix(std::min(end + 1, headers.size()));
  return header;
}

/// The two sides of the "::" in an IPv6 reference; of any other host all is on the first. One read
/// leniently may have a third colon, which the grammar of RFC 3261 makes before an IPv4 address by
/// mistake: it is on neither side, so that it is never written. RFC 5118 §4.10
struct HostSides {
  std::string_view first;  // with the "::"
  std::string_view second;

  std::string joined() const { return std::string{first}.append(second); }
};

inline HostSides sides_of(std::string_view host) {
  const std::size_t at = host.starts_with('[') ? host.find("::") : std::string_view::npos;
  if (at == std::string_view::npos) return {host, {}};
  HostSides sides{host.substr(0, at + 2), host.substr(at + 2)};
  if (sides.second.starts_with(':')) sides.second.remove_prefix(1);
  return sides;
}

inline void append_escaped(std::string& out, char c) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out += '%';
  out += hex[byte >> 4U];
  out += hex[byte & 15U];
}

/// The text with %HH for whatever is not in the set.
inline std::string escape(std::string_view text, const CharSet& bare) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (bare[c])
      out += c;
    else
      append_escaped(out, c);
  }
  return out;
}

}  // namespace kith::sip
