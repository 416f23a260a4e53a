#include "kith/base/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

namespace kith {

namespace {
constexpr std::array<std::uint8_t, 12> v4_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
}

bool Address::is_v4() const { return std::equal(v4_prefix.begin(), v4_prefix.end(), ip.begin()); }

std::string Address::host() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (is_v4())
    ::inet_ntop(AF_INET, ip.data() + v4_prefix.size(), text.data(), text.size());
  else
    ::inet_ntop(AF_INET6, ip.data(), text.data(), text.size());
  return text.data();
}

std::string Address::text() const {
  return is_v4() ? host() + ':' + std::to_string(port) : '[' + host() + "]:" + std::to_string(port);
}

std::optional<Address> Address::parse_host(std::string_view host, std::uint16_t port) {
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  const std::string text(host);
  Address address{.ip = {}, .port = port};
  if (::inet_pton(AF_INET6, text.c_str(), address.ip.data()) == 1) return address;
  std::ranges::copy(v4_prefix, address.ip.begin());
  if (::inet_pton(AF_INET, text.c_str(), address.ip.data() + v4_prefix.size()) == 1) return address;
  return std::nullopt;
}

Address Address::v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d,
                    std::uint16_t port) {
  return Address{.ip = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d}, .port = port};
}

}  // namespace kith

std::size_t std::hash<kith::Address>::operator()(const kith::Address& address) const noexcept {
  std::array<std::uint64_t, 2> words{};
  std::memcpy(words.data(), address.ip.data(), sizeof words);
  const std::uint64_t mixed =
      (words[0] ^ (words[1] * 0x9e3779b97f4a7c15U) ^ address.port) * 0xff51afd7ed558ccdU;
  return static_cast<std::size_t>(mixed ^ (mixed >> 32U));
}
