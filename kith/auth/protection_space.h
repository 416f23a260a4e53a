#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kith/auth/digest_challenge.h"
#include "kith/auth/logins.h"
#include "kith/base/random.h"
#include "kith/crypto/secret.h"
#include "kith/sip/header/authorization.h"
#include "kith/sip/message.h"

namespace kith::auth {

/// Which qop is answered where a challenge offers both.
enum class QopChoice : std::uint8_t {
  auth,      // a body may be changed on the way, as border controllers do
  auth_int,  // a body that was changed is refused
};

/// A nonce in use: how to answer it, and how often it was. RFC 7616 §3.4
class DigestNonce {
 public:
  DigestNonce(DigestChallenge challenge, crypto::Secret ha1)
      : challenge_(std::move(challenge)), key_(std::move(ha1)) {}

  /// A value of Authorization or Proxy-Authorization for this request; empty when all counts of the
  /// nonce are used up.
  std::string credentials(const sip::Message& request, std::string_view username, QopChoice choice,
                          Random& random);

  /// Whether `rspauth` of an answer to a request with these credentials is right. RFC 7616 §3.5
  bool proves(const sip::AuthParamsView& info, const sip::AuthorizationView& sent,
              const sip::Message& response) const;

  /// The server wants this one next; counts begin anew unless it is the one in use.
  void follow(std::string_view nonce_text);

  const DigestChallenge& challenge() const { return challenge_; }
  std::uint32_t count() const { return count_; }

 private:
  DigestQop qop(QopChoice choice) const;

  DigestChallenge challenge_;
  crypto::Secret key_;  // H(A1); of a session from its first answer on the key of the session
  std::string cnonce_;  // of a session: those who compute its key each time need the same again
  std::uint32_t count_ = 0;
};

/// What was learnt about one realm, and where it applies.
struct ProtectionSpace {
  Challenger challenger = Challenger::server;
  std::string realm;
  Login login;
  std::string call_id;              // of the request that was challenged
  std::string target;               // of its Request-URI
  std::vector<std::string> domain;  // see DigestChallenge
  /// One, but for proxies of one realm that a request was forked to: RFC 3261 §22.3
  std::vector<DigestNonce> nonces{};

  /// A request in the same call, or to a URI of the space. RFC 7616 §3.3, RFC 3261 §22.3
  bool covers(const sip::Message& request, bool any_proxy) const;
};

/// The part of a Request-URI that names a server: "sip:example.com:5070"; all of another scheme's.
std::string server_of(std::string_view uri);

}  // namespace kith::auth
