#pragma once

#include "kith/auth/scheme.h"

namespace kith::auth {

/// One token, an AP-REQ without mutual authentication, and no answer to it: the server proves
/// itself with its signature. [MS-SIP] §3.1
class Kerberos final : public HandshakeScheme {
 public:
  std::string_view name() const override { return "Kerberos"; }
  std::string targetname(const Realm& realm) const override { return "sip/" + realm.fqdn; }
  std::unique_ptr<Handshake> begin(const Accounts& accounts) const override;
};

}  // namespace kith::auth
