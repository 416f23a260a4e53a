#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "kith/auth/accounts.h"
#include "kith/auth/digest_hash.h"
#include "kith/auth/realm.h"
#include "kith/auth/replay_window.h"
#include "kith/base/address.h"
#include "kith/base/random.h"
#include "kith/base/time.h"
#include "kith/crypto/secret.h"
#include "kith/sip/uri.h"

namespace kith::auth {

/// Whether a challenge says that only the nonce was wrong: RFC 7616 §3.3
enum class Stale { no, yes };

/// Digest credentials as a request carries them; views into it.
struct DigestCredentials {
  std::string_view username;
  std::string_view realm;
  std::string_view nonce;
  std::string_view uri;
  std::string_view response;
  std::string_view algorithm;  // empty: MD5
  std::string_view qop;
  std::string_view nc;
  std::string_view cnonce;
};

/// Why credentials were not taken.
struct DigestFailure {
  enum class Kind {
    unusable,  // not what was asked for
    wrong,     // no such user or not the password: nobody is told which
    stale,     // the nonce or its count was not right; whatever the password was
  };
  Kind kind = Kind::unusable;
  std::string_view cause;
};

/// The server's side of Digest: nonces that prove themselves by an HMAC, so that asking for one
/// costs us no memory, and the counts of those in use. A nonce is for the address that it was sent
/// to: who writes another's address on a datagram has none, and cannot fail in that one's name.
class Digest {
 public:
  Digest(const Realm& realm, Random& random);

  /// The values of WWW-Authenticate, SHA-256 before MD5. RFC 8760 §2.4
  std::pair<std::string, std::string> challenges(Stale stale, const Address& source, Time now,
                                                 Random& random) const;

  /// Whose credentials these are. A nonce count is accepted once, except that of an ACK or a
  /// CANCEL, which repeat what the request that they belong to carried. RFC 3261 §22.1
  std::variant<sip::Aor, DigestFailure> check(const DigestCredentials& credentials,
                                              std::string_view method, std::string_view request_uri,
                                              const Accounts& accounts, const Address& source,
                                              Time now);

  std::size_t nonces() const { return counts_.size(); }

 private:
  using NonceId = std::pair<std::uint64_t, std::string>;  // when it was made, and its text

  std::string nonce(const Address& source, Time now, Random& random) const;
  std::optional<NonceId> own_nonce(std::string_view text, const Address& source, Time now) const;
  bool count(NonceId nonce, std::uint32_t nc, Time now);

  std::string realm_;
  DigestUri uri_;
  Duration lifetime_;
  crypto::Secret key_;
  std::map<NonceId, ReplayWindow> counts_;
  std::uint64_t forgotten_until_ = 0;  // nonces made up to here and not in counts_ are stale
};

}  // namespace kith::auth
