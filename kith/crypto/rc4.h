#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace kith::crypto {

/// The key stream of RC4, put over bytes. Good for nothing but the protocols that prescribe it,
/// such as NTLM; written out here because OpenSSL has it in a provider that need not be installed.
class Rc4 {
 public:
  /// The key is 1 to 256 bytes.
  explicit Rc4(std::string_view key);

  /// Enciphers or deciphers, and goes on where the last call ended.
  std::string apply(std::string_view bytes);

 private:
  std::array<std::uint8_t, 256> state_{};
  std::uint8_t i_ = 0;
  std::uint8_t j_ = 0;
};

}  // namespace kith::crypto
