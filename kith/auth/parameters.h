#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kith/auth/signature.h"
#include "kith/base/random.h"
#include "kith/sip/header/authorization.h"
#include "kith/sip/message.h"

/// The parameters of authentication headers that server and client both read.
namespace kith::auth {

/// Credentials of a message, from Authorization and Proxy-Authorization alike; views into it.
struct Credentials {
  static constexpr std::size_t max = 4;
  std::array<sip::AuthorizationView, max> values{};
  std::size_t count = 0;
  bool malformed = false;  // some, or too many
};
/// In the order of their lines; one that breaks the grammar, or is one too many, is left out.
Credentials credentials(const sip::Message& message);

/// Whether credentials of the request begin a handshake, or go on with one.
bool carries_token(const sip::Message& request);

/// Absent is v2, "2", "3" and "4" are themselves, anything else is nothing.
std::optional<SignatureVersion> signature_version(std::optional<std::string_view> parameter);

/// rand is 8 hexadecimal digits, num 1 to 4294967295 in decimal, the signature hexadecimal.
struct Signature {
  std::string_view rand;
  std::string_view num;
  std::uint32_t number = 0;
  std::string mic;  // raw bytes
};
using ClientSignature = Signature;
/// crand, cnum and response.
std::optional<Signature> client_signature(const sip::AuthParamsView& params);
/// srand, snum and rspauth.
std::optional<Signature> server_signature(const sip::AuthParamsView& params);

/// Two digits a byte.
std::string upper_hex(std::string_view bytes);
/// The same of so many random bytes.
std::string upper_hex(Random& random, std::size_t bytes);

}  // namespace kith::auth
