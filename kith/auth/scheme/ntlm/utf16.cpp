#include "kith/auth/scheme/ntlm/utf16.h"

#include <cstdint>

#include "kith/base/utf8.h"

namespace kith::auth::ntlm {

namespace {

bool is_high(unsigned unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low(unsigned unit) { return unit >= 0xDC00 && unit < 0xE000; }

void put(std::string& out, unsigned unit) {
  out += static_cast<char>(unit & 0xFFU);
  out += static_cast<char>(unit >> 8U);
}

unsigned unit_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]) |
         static_cast<unsigned>(static_cast<unsigned char>(bytes[at + 1])) << 8U;
}

/// The one well-formed character of `size` bytes at the front.
std::uint32_t decode(std::string_view text, std::size_t size) {
  const auto first = static_cast<unsigned char>(text[0]);
  std::uint32_t code = size == 1 ? first : first & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i)
    code = code << 6U | (static_cast<unsigned char>(text[i]) & 0x3FU);
  return code;
}

void encode(std::string& out, std::uint32_t code) {
  const auto tail = [&](unsigned shift) {
    out += static_cast<char>(0x80U | (code >> shift & 0x3FU));
  };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0U | code >> 6U);
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0U | code >> 12U);
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0U | code >> 18U);
    tail(12);
    tail(6);
    tail(0);
  }
}

/// Latin Extended-A and the Cyrillic supplement have the small letter right behind the capital.
bool follows_its_capital(unsigned unit) {
  const bool is_odd = (unit & 1U) != 0;
  if (unit >= 0x100 && unit <= 0x137) return is_odd && unit != 0x131;
  if (unit >= 0x139 && unit <= 0x148) return !is_odd;
  if (unit >= 0x14A && unit <= 0x177) return is_odd;
  if (unit >= 0x179 && unit <= 0x17E) return !is_odd;
  return unit >= 0x460 && unit <= 0x481 && is_odd;
}

unsigned upper(unsigned unit) {
  const auto within = [unit](unsigned low, unsigned high) { return unit >= low && unit <= high; };
  if (within('a', 'z')) return unit - 0x20;
  if (unit < 0xB5) return unit;
  if (unit == 0xB5) return 0x39C;  // the micro sign
  if (within(0xE0, 0xFE) && unit != 0xF7) return unit - 0x20;
  if (unit == 0xFF) return 0x178;
  if (follows_its_capital(unit)) return unit - 1;
  if (unit == 0x3AC) return 0x386;
  if (within(0x3AD, 0x3AF)) return unit - 0x25;
  if (unit == 0x3C2) return 0x3A3;  // the sigma that ends a word
  if (within(0x3B1, 0x3CB)) return unit - 0x20;
  if (unit == 0x3CC) return 0x38C;
  if (within(0x3CD, 0x3CE)) return unit - 0x3F;
  if (within(0x430, 0x44F)) return unit - 0x20;
  if (within(0x450, 0x45F)) return unit - 0x50;
  return unit;
}

}  // namespace

std::optional<std::string> utf16(std::string_view utf8) {
  std::string out;
  out.reserve(2 * utf8.size());
  while (!utf8.empty()) {
    const std::size_t size = utf8_front(utf8);
    if (size == 0) return std::nullopt;
    const std::uint32_t code = decode(utf8, size);
    if (code < 0x10000) {
      put(out, code);
    } else {
      put(out, 0xD800U + ((code - 0x10000U) >> 10U));
      put(out, 0xDC00U + (code & 0x3FFU));
    }
    utf8.remove_prefix(size);
  }
  return out;
}

std::optional<std::string> utf8(std::string_view utf16) {
  if (utf16.size() % 2 != 0) return std::nullopt;
  std::string out;
  for (std::size_t at = 0; at < utf16.size(); at += 2) {
    const unsigned unit = unit_at(utf16, at);
    if (is_low(unit)) return std::nullopt;
    if (!is_high(unit)) {
      encode(out, unit);
      continue;
    }
    at += 2;
    if (at == utf16.size() || !is_low(unit_at(utf16, at))) return std::nullopt;
    encode(out, 0x10000U + ((unit - 0xD800U) << 10U) + (unit_at(utf16, at) - 0xDC00U));
  }
  return out;
}

std::string upper(std::string_view utf16) {
  std::string out;
  out.reserve(utf16.size());
  for (std::size_t at = 0; at + 1 < utf16.size(); at += 2) put(out, upper(unit_at(utf16, at)));
  return out;
}

}  // namespace kith::auth::ntlm
