#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "kith/sip/message.h"

namespace kith::auth {

/// Which form of the signature buffer is in force: the `version` of the challenge that the client
/// answered; without one it is v2.
enum class SignatureVersion : std::uint8_t { v2 = 2, v3 = 3, v4 = 4 };

/// The values of the buffer that come from the authentication header rather than from the message,
/// as they stand there, without quotes.
struct SignatureFields {
  std::string_view scheme;  // "Kerberos"
  std::string_view rand;    // crand of a client, srand of a server
  std::string_view num;     // cnum, snum
  std::string_view realm;
  std::string_view targetname;  // "sip/lcs.example.com"
};

/// Appends what is signed: each value in angle brackets, nothing between them. The other values are
/// taken from the message exactly as they stand in its text, so everything but the authentication
/// header must be final.
void append_signature_buffer(std::string& out, SignatureVersion version,
                             const SignatureFields& fields, const sip::Message& message);

/// The same in a text of its own.
std::string signature_buffer(SignatureVersion version, const SignatureFields& fields,
                             const sip::Message& message);

}  // namespace kith::auth
