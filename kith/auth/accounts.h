#pragma once

#include <optional>
#include <string_view>

#include "kith/crypto/secret.h"
#include "kith/sip/uri.h"

namespace kith::auth {

/// What the server keeps instead of a password: H(username ":" realm ":" password) as lower-case
/// hexadecimal digits. RFC 7616 §3.4.2
struct DigestAccount {
  sip::Aor aor;
  crypto::Secret md5;  // empty: this account cannot use it
  crypto::Secret sha256;
};

/// What NTLM needs of an account: the MD4 of the password, 16 raw bytes, which is as good as the
/// password to whoever has it.
struct NtAccount {
  sip::Aor aor;
  crypto::Secret nt_hash;  // empty: this account cannot use it
};

/// Whom credentials stand for. Asked while a request waits, so it answers from memory.
class Accounts {
 public:
  virtual ~Accounts() = default;

  /// The account that a mechanism's principal ("alice@EXAMPLE.COM") maps to.
  virtual std::optional<sip::Aor> account_of(std::string_view principal) const = 0;

  /// The account with that canonical user name.
  virtual std::optional<DigestAccount> digest_account(std::string_view username) const = 0;

  /// The same account for NTLM. Without regard to case, for NTLM has none in user names.
  virtual std::optional<NtAccount> nt_account(std::string_view /*username*/) const {
    return std::nullopt;
  }
};

}  // namespace kith::auth
