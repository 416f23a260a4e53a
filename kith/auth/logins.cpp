#include "kith/auth/logins.h"

namespace kith::auth {

std::optional<crypto::Secret> Login::verifier(DigestAlgorithm algorithm,
                                              std::string_view realm) const {
  if (ha1.empty()) return digest_ha1(algorithm, username, realm, password);
  const auto found = ha1.find(algorithm);
  return found == ha1.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace kith::auth
