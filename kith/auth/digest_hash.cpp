#include "kith/auth/digest_hash.h"

#include <initializer_list>

#include "kith/base/text.h"
#include "kith/crypto/digest.h"

namespace kith::auth {

namespace {

using enum DigestAlgorithm;

/// Parts with colons between them; whoever hashes a secret wipes the text.
std::string joined(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (const std::string_view part : parts) size += part.size() + 1;
  std::string text;
  text.reserve(size);
  for (const std::string_view part : parts) text.append(part).append(1, ':');
  text.pop_back();
  return text;
}

crypto::Secret secret_hash(DigestAlgorithm algorithm, std::string text) {
  crypto::Secret hash(digest_hash(algorithm, text));
  crypto::wipe(text);
  return hash;
}

}  // namespace

std::string_view to_string(DigestAlgorithm algorithm) {
  if (algorithm == md5) return "MD5";
  return algorithm == sha256 ? "SHA-256" : "SHA-512-256";
}

std::optional<DigestAlgorithm> digest_algorithm(std::string_view text) {
  for (const DigestAlgorithm algorithm : {md5, sha256, sha512_256})
    if (equal_ignoring_case(text, to_string(algorithm))) return algorithm;
  return std::nullopt;
}

std::optional<DigestVariant> digest_variant(std::string_view text) {
  constexpr std::string_view suffix = "-sess";
  const bool session = text.size() > suffix.size() &&
                       equal_ignoring_case(text.substr(text.size() - suffix.size()), suffix);
  if (session) text.remove_suffix(suffix.size());
  const std::optional<DigestAlgorithm> hash = digest_algorithm(text);
  if (!hash) return std::nullopt;
  return DigestVariant{.hash = *hash, .session = session};
}

std::string_view to_string(DigestQop qop) {
  if (qop == DigestQop::none) return "";
  return qop == DigestQop::auth ? "auth" : "auth-int";
}

std::optional<DigestQop> digest_qop(std::string_view text) {
  for (const DigestQop qop : {DigestQop::auth, DigestQop::auth_int})
    if (equal_ignoring_case(text, to_string(qop))) return qop;
  return std::nullopt;
}

std::string digest_hash(DigestAlgorithm algorithm, std::string_view text) {
  if (algorithm == md5) return crypto::hex(crypto::md5(text));
  return crypto::hex(algorithm == sha256 ? crypto::sha256(text) : crypto::sha512_256(text));
}

crypto::Secret digest_ha1(DigestAlgorithm algorithm, std::string_view username,
                          std::string_view realm, const crypto::Secret& password) {
  return secret_hash(algorithm, joined({username, realm, password.reveal()}));
}

crypto::Secret digest_session_key(DigestAlgorithm algorithm, const crypto::Secret& ha1,
                                  std::string_view nonce, std::string_view cnonce) {
  return secret_hash(algorithm, joined({ha1.reveal(), nonce, cnonce}));
}

std::string digest_userhash(DigestAlgorithm algorithm, std::string_view username,
                            std::string_view realm) {
  return digest_hash(algorithm, joined({username, realm}));
}

std::string digest_response(DigestAlgorithm algorithm, const crypto::Secret& ha1,
                            const DigestInput& input) {
  std::string a2 = joined({input.method, input.uri});
  if (input.qop == DigestQop::auth_int)
    a2.append(1, ':').append(digest_hash(algorithm, input.body));
  const std::string hashed = digest_hash(algorithm, a2);
  std::string text = input.qop == DigestQop::none
                         ? joined({ha1.reveal(), input.nonce, hashed})
                         : joined({ha1.reveal(), input.nonce, input.nc, input.cnonce,
                                   to_string(input.qop), hashed});
  std::string response = digest_hash(algorithm, text);
  crypto::wipe(text);
  return response;
}

std::string nonce_count_text(std::uint32_t count) {
  std::string digits(8, '0');
  for (std::size_t i = digits.size(); i-- > 0; count >>= 4U)
    digits[i] = "0123456789abcdef"[count & 15U];
  return digits;
}

}  // namespace kith::auth
