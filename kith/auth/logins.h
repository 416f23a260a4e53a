#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "kith/auth/client_challenge.h"
#include "kith/auth/digest_hash.h"
#include "kith/crypto/secret.h"

namespace kith::auth {

/// Whom a client is in a realm, and the proof.
struct Login {
  std::string username;  // UTF-8, as the accounts of the realm have it
  crypto::Secret password;
  /// H(A1) for those who keep no passwords. Where there are some, the password is not used, and
  /// algorithms without one are not answered. RFC 7616 §3.4.2
  std::map<DigestAlgorithm, crypto::Secret> ha1{};

  /// H(A1) in that realm; nothing if there is no way to it.
  std::optional<crypto::Secret> verifier(DigestAlgorithm algorithm, std::string_view realm) const;
};

/// For whom credentials are wanted.
struct LoginQuery {
  Challenger challenger = Challenger::server;
  std::string_view realm;   // without quotes and escapes; to be shown to a user: RFC 3261 §22.1
  std::string_view target;  // the Request-URI
  std::string_view user;    // the address of record in From; empty if it has none
};

/// Where credentials come from. Asked while a response is looked at, so it answers from memory;
/// whoever has to ask a person says nothing, and looks at the response again later.
class Logins {
 public:
  virtual ~Logins() = default;

  virtual std::optional<Login> login(const LoginQuery& query) const = 0;
};

}  // namespace kith::auth
