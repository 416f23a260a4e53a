#pragma once

#include <string>

#include "kith/auth/scheme.h"
#include "kith/auth/scheme/ntlm/messages.h"

namespace kith::auth {

/// NTLMv2 in connectionless mode: the client's first token is empty, the server's is a CHALLENGE,
/// the client's second one an AUTHENTICATE. It needs nothing from the world: the NT hash is with
/// the account. [MS-SIP] §3.1, [MS-NLMP] §3.2.5
class Ntlm final : public HandshakeScheme {
 public:
  /// How far the client's clock may be from ours (SIP-AUTH-06).
  static constexpr Duration skew_max = 15min;

  explicit Ntlm(const Realm& realm);

  std::string_view name() const override { return "NTLM"; }
  std::string targetname(const Realm& realm) const override { return realm.fqdn; }
  /// This outlives the handshake, too.
  std::unique_ptr<Handshake> begin(const Accounts& accounts) const override;

  /// What is sent with these 8 bytes (SIP-AUTH-51).
  ntlm::ChallengeMessage challenge(std::string server_challenge) const;

  /// The canonical name of a user who wrote this, in UTF-8: "alice@example.com" stands for itself,
  /// "alice" with the domain's short name or with none belongs to the realm's domain, and any other
  /// domain is taken for a DNS name.
  std::string account_name(std::string_view user, std::string_view domain) const;

  bool takes_plain_signatures() const { return plain_signatures_; }

 private:
  std::string domain_;
  std::string short_domain_;
  ntlm::TargetInfo target_info_;
  bool plain_signatures_;
};

}  // namespace kith::auth
