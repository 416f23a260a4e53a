#pragma once

#include <chrono>
#include <cstddef>

#include "kith/base/time.h"

/// What a peer may make this room keep, and for how long.
namespace kith::auth::limits {

/// A handshake token after base64; a Kerberos ticket with a large PAC stays below.
inline constexpr std::size_t token_bytes_max = 24UZ * 1024;
/// Handshakes that have begun and not ended: in all, and from one source.
inline constexpr std::size_t handshakes_max = 4096;
inline constexpr std::size_t handshakes_per_source_max = 64;
/// How long a handshake may take, waiting for the mechanism or for the client.
inline constexpr Duration handshake_lifetime = 60s;

/// Security associations of one shard, and of one user: each device has one.
inline constexpr std::size_t associations_max = 100'000;
inline constexpr std::size_t associations_per_user_max = 64;

/// Failed logins of one source in one period, after which its logins are refused unseen; and how
/// many sources are remembered.
inline constexpr std::size_t failures_per_source_max = 30;
inline constexpr Duration failures_period = 5min;
inline constexpr std::size_t failing_sources_max = 16'384;

/// Digest nonces whose counts are remembered: those used at least once with a right password.
inline constexpr std::size_t nonces_max = 16'384;

/// RFC 7616 §3.4: text that a client chooses and we hash.
inline constexpr std::size_t digest_parameter_bytes_max = 512;

/// Of a client. Challenges that are looked at in one response, and the longest realm, nonce or
/// opaque of one; schemes and algorithms are few.
inline constexpr std::size_t challenges_max = 16;
inline constexpr std::size_t challenge_parameter_bytes_max = 2048;
/// Names in a token of NTLM, before they are UTF-16.
inline constexpr std::size_t ntlm_name_bytes_max = 512;
/// URIs in the domain of a challenge.
inline constexpr std::size_t domain_uris_max = 16;
/// Credentials that one request carries: one for each server and proxy on its way that asks.
inline constexpr std::size_t request_credentials_max = 8;
/// Realms at one target or in one call whose nonces are kept; the one not used for the longest time
/// goes first.
inline constexpr std::size_t protection_spaces_max = 64;
/// How often one request is sent again because of a challenge, and because of the same realm's
/// stale nonce.
inline constexpr int turns_max = 8;
inline constexpr int stale_answers_max = 1;

/// epid of [MS-SIP]: hexadecimal digits.
inline constexpr std::size_t epid_length_max = 16;

}  // namespace kith::auth::limits
