#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kith/crypto/secret.h"

/// The keys of NTLMv2, [MS-NLMP] §3.3.2 and §3.4.5. Keys, challenges and responses are raw bytes.
namespace kith::auth::ntlm {

/// What is kept of a password: 16 bytes, and as good as the password to whoever has them. Nothing
/// for a password that is no UTF-8. [MS-NLMP] §3.3.1
std::optional<crypto::Secret> nt_hash(const crypto::Secret& password);

/// User and domain as UTF-16, as they stand in the AUTHENTICATE message. [MS-NLMP] §3.3.2
crypto::Secret ntowf_v2(const crypto::Secret& nt_hash, std::string_view user,
                        std::string_view domain);

/// The first 16 bytes of an NTLMv2 response to the server's challenge; what follows them is `rest`.
/// With the client's challenge of 8 bytes as `rest` it is the first part of an LMv2 response.
std::string proof(const crypto::Secret& ntowf_v2, std::string_view server_challenge,
                  std::string_view rest);

/// 16 bytes, from what proof() gave of the whole response; [MS-NLMP] §3.3.2
crypto::Secret session_base_key(const crypto::Secret& ntowf_v2, std::string_view proof);

/// RC4: what KEY_EXCH does to the session key on its way, and how it is undone.
crypto::Secret exchanged(const crypto::Secret& session_base_key, const crypto::Secret& key);

/// What hides a signature and what makes it; [MS-NLMP] §3.4.5.2, §3.4.5.3.
enum class Direction : std::uint8_t { client_to_server, server_to_client };
/// 16 bytes, of one direction only; with extended session security.
crypto::Secret sign_key(const crypto::Secret& session_key, Direction direction);
/// With extended session security; the flags say how much of the key it is made from.
crypto::Secret seal_key(const crypto::Secret& session_key, std::uint32_t flags,
                        Direction direction);
/// Without it: of both directions.
crypto::Secret seal_key(const crypto::Secret& session_key, std::uint32_t flags);

/// HMAC-MD5 over the handshake's messages, the last with 16 zero bytes where this goes.
/// [MS-NLMP] §3.1.5.1.2
std::string handshake_mic(const crypto::Secret& session_key, std::string_view challenge,
                          std::string_view authenticate);

}  // namespace kith::auth::ntlm
