#pragma once

#include <cstdint>
#include <memory>

#include "kith/auth/mechanism.h"
#include "kith/crypto/secret.h"

namespace kith::auth::ntlm {

/// Whose keys they are.
enum class Side : std::uint8_t { client, server };

/// The signatures of a connectionless session, with extended session security or without as the
/// flags say. [MS-NLMP] §3.4.4, and SIP-AUTH-50: the sequence number is 100, always.
std::unique_ptr<Context> make_context(const crypto::Secret& session_key, std::uint32_t flags,
                                      Side side);

}  // namespace kith::auth::ntlm
