#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kith/crypto/secret.h"

/// What both sides of Digest compute.
namespace kith::auth {

/// The hashes of RFC 8760 §2.1, weakest first.
enum class DigestAlgorithm : std::uint8_t { md5, sha256, sha512_256 };

/// "MD5", "SHA-256", "SHA-512-256"
std::string_view to_string(DigestAlgorithm algorithm);
/// In any case; nothing for what is none of the three.
std::optional<DigestAlgorithm> digest_algorithm(std::string_view text);

/// What `algorithm` says: a hash, and whether H(A1) is the key of a session. RFC 7616 §3.4.2
struct DigestVariant {
  DigestAlgorithm hash = DigestAlgorithm::md5;
  bool session = false;  // "-sess"

  bool operator==(const DigestVariant&) const = default;
};
/// In any case, with "-sess" behind it or without; nothing for a hash that is not known.
std::optional<DigestVariant> digest_variant(std::string_view text);

/// What a response protects: RFC 7616 §3.4.3
enum class DigestQop : std::uint8_t {
  none,      // as RFC 2069 had it: neither nc nor cnonce
  auth,      // the method and the URI
  auth_int,  // and the body
};

/// "auth", "auth-int"; "" for none.
std::string_view to_string(DigestQop qop);
/// In any case; nothing for another text, nor for "".
std::optional<DigestQop> digest_qop(std::string_view text);

/// Lower-case hexadecimal H(text).
std::string digest_hash(DigestAlgorithm algorithm, std::string_view text);

/// The verifier to store: H(username ":" realm ":" password). RFC 7616 §3.4.2
crypto::Secret digest_ha1(DigestAlgorithm algorithm, std::string_view username,
                          std::string_view realm, const crypto::Secret& password);

/// What stands in the place of the verifier in a session; the nonce and the cnonce are the first
/// ones of the session. RFC 7616 §3.4.2
crypto::Secret digest_session_key(DigestAlgorithm algorithm, const crypto::Secret& ha1,
                                  std::string_view nonce, std::string_view cnonce);

/// The name that an observer cannot read: H(username ":" realm). RFC 7616 §3.4.4
std::string digest_userhash(DigestAlgorithm algorithm, std::string_view username,
                            std::string_view realm);

/// What both sides hash besides the password, without quotes.
struct DigestInput {
  std::string_view method;  // empty in the response of a server: RFC 7616 §3.5
  std::string_view uri;
  std::string_view nonce;
  std::string_view nc;
  std::string_view cnonce;
  DigestQop qop = DigestQop::auth;
  std::string_view body{};  // for auth-int
};

/// The `response` of a request, or the `rspauth` of a response. RFC 7616 §3.4.1
std::string digest_response(DigestAlgorithm algorithm, const crypto::Secret& ha1,
                            const DigestInput& input);

/// nc-value = 8LHEX: RFC 3261 §25.1
std::string nonce_count_text(std::uint32_t count);

}  // namespace kith::auth
