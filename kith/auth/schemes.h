#pragma once

#include <memory>
#include <vector>

#include "kith/auth/scheme.h"
#include "kith/auth/scheme/kerberos.h"
#include "kith/auth/scheme/ntlm.h"

namespace kith::auth {

/// The schemes with a handshake that a realm offers, best first: the order of the challenges.
/// Digest has no handshake and comes after them.
inline std::vector<std::unique_ptr<HandshakeScheme>> handshake_schemes(const Realm& realm) {
  std::vector<std::unique_ptr<HandshakeScheme>> schemes;
  if (realm.kerberos) schemes.push_back(std::make_unique<Kerberos>());
  if (realm.ntlm) schemes.push_back(std::make_unique<Ntlm>(realm));
  return schemes;
}

}  // namespace kith::auth
