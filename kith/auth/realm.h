#pragma once

#include <string>

#include "kith/auth/signature.h"
#include "kith/base/time.h"

namespace kith::auth {

/// How strictly the `uri` of Digest credentials is held to the Request-URI.
enum class DigestUri {
  equivalent,  // RFC 7616 §3.4.6, compared as RFC 3261 §19.1.4 says
  any,         // for clients behind something that rewrites the Request-URI
};

/// What a listener offers, and under which names.
struct Realm {
  std::string realm = "SIP Communications Service";  // of Kerberos and NTLM; case-sensitive
  std::string fqdn;                                  // this server: "lcs.example.com"
  SignatureVersion version = SignatureVersion::v4;
  /// Whether a client that answers with a lower version than offered, or none, is taken at its
  /// word.
  bool accept_older_versions = true;
  bool kerberos = true;

  bool ntlm = false;
  std::string domain{};       // "example.com": of users who sign in with NTLM and name none
  std::string ntlm_domain{};  // its short name, "EXAMPLE"; empty: made of the first label
  /// Whether clients are taken that sign without extended session security: whoever reads one of
  /// their messages can forge the next.
  bool ntlm_plain = false;

  bool digest = true;
  /// Part of each stored verifier: changing it makes every one of them useless.
  std::string digest_realm = "SIP Communications Service";
  DigestUri digest_uri = DigestUri::equivalent;
  Duration nonce_lifetime = 10min;
};

}  // namespace kith::auth
