#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "kith/auth/client_challenge.h"
#include "kith/auth/scheme/digest.h"
#include "kith/base/random.h"
#include "kith/crypto/secret.h"
#include "kith/sip/message.h"

namespace kith::auth {

/// The client's side of Digest, with qop auth, for one user at one server. RFC 7616, RFC 8760
class DigestClient {
 public:
  DigestClient(std::string username, crypto::Secret password)
      : username_(std::move(username)), password_(std::move(password)) {}

  /// Takes the first challenge that it can answer: RFC 8760 §2.4. False: there is none, or the
  /// request had answered one and was refused for another reason than a stale nonce, so that
  /// repeating it would go on for ever.
  bool challenged(const sip::Message& request, const Challenges& challenges);

  /// Whether there is a challenge to answer.
  bool ready() const { return !nonce_.empty(); }
  /// A request was taken: stale nonces are counted anew.
  void succeeded() { stale_in_a_row_ = 0; }

  /// Puts credentials on a request; nothing without a challenge.
  void authorize(sip::Message& request, Random& random);

 private:
  static constexpr int stale_in_a_row_max = 3;

  bool take(const sip::WwwAuthenticate& challenge, Challenger challenger);

  std::string username_;
  crypto::Secret password_;
  crypto::Secret ha1_;
  std::string realm_;  // as the server writes it, escapes included
  std::string nonce_;
  std::string opaque_;
  std::string algorithm_;  // as the server writes it; empty: it wrote none
  Challenger challenger_ = Challenger::server;
  std::uint32_t count_ = 0;
  int stale_in_a_row_ = 0;
};

}  // namespace kith::auth
