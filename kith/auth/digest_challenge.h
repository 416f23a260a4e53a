#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kith/auth/client_challenge.h"
#include "kith/auth/digest_hash.h"
#include "kith/sip/header/www_authenticate.h"
#include "kith/sip/message.h"

namespace kith::auth {

/// "WWW-Authenticate" or "Proxy-Authenticate".
std::string_view challenge_header(Challenger challenger);

/// The challenges on one line. RFC 3261 §7.3.1 wants a line for each; those who write HTTP put
/// several on one, with commas between them that look like those between parameters.
std::vector<std::string_view> challenges_on_line(std::string_view line);

/// A challenge of Digest that can be answered. What is sent back is kept as it stands on the wire,
/// escapes included, for a server may compare it byte by byte.
struct DigestChallenge {
  Challenger challenger = Challenger::server;
  std::string realm_text;
  std::string nonce_text;
  std::optional<std::string> opaque_text;
  std::string algorithm_text;  // empty: it says none, which is MD5
  DigestVariant variant;
  bool has_qop = false;  // without it the rules of RFC 2069 count
  bool auth = false;
  bool auth_int = false;
  bool stale = false;               // only the nonce was too old
  bool userhash = false;            // RFC 7616 §3.4.4
  bool utf8 = false;                // charset: RFC 7616 §3.3
  std::vector<std::string> domain;  // URIs; empty: the whole server. RFC 7616 §3.3

  std::string realm() const;  // without escapes
  std::string nonce() const;

  /// Nothing for another scheme, an algorithm or a qop that nobody here knows, and one that breaks
  /// the rules: no realm or nonce, a session without qop (RFC 3261 §22.4), or too long.
  static std::optional<DigestChallenge> of(const sip::WwwAuthenticate& value,
                                           Challenger challenger);
};

/// Those of a 401 or 407, from WWW-Authenticate and Proxy-Authenticate alike: a proxy that forked
/// puts what it got into one response. RFC 3261 §22.3. At most challenges_max are looked at.
std::vector<DigestChallenge> digest_challenges(const sip::Message& response);

}  // namespace kith::auth
