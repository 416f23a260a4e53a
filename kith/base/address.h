#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace kith {

/// An IPv4 or IPv6 address with a port: what a packet came from or goes to. A plain value; IPv4 is
/// kept as ::ffff:a.b.c.d, and written as a.b.c.d.
struct Address {
  std::array<std::uint8_t, 16> ip{};
  std::uint16_t port = 0;

  auto operator<=>(const Address&) const = default;
  bool is_v4() const;

  /// "192.0.2.1" or "2001:db8::1": without port, without brackets.
  std::string host() const;
  /// "192.0.2.1:5060" or "[2001:db8::1]:5060".
  std::string text() const;

  static std::optional<Address> parse_host(std::string_view host, std::uint16_t port);
  static Address v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d,
                    std::uint16_t port);
};

}  // namespace kith

template <>
struct std::hash<kith::Address> {
  std::size_t operator()(const kith::Address& address) const noexcept;
};
