#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "kith/auth/mechanism.h"
#include "kith/base/random.h"
#include "kith/base/time.h"
#include "kith/crypto/secret.h"

namespace kith::auth {

/// Whom a client is for NTLM.
struct NtlmLogin {
  std::string username;  // "alice@example.com", "EXAMPLE\alice" or "alice", in UTF-8
  crypto::Secret password;
  std::string workstation{};  // what this machine is called; may be empty
  /// Whether a server is taken that signs without extended session security: whoever reads one of
  /// its messages can forge the next.
  bool plain_signatures = false;
};

/// The client's side of NTLMv2 in connectionless mode. The handshake begins with an empty token,
/// which needs no help.
class NtlmClient {
 public:
  /// Random outlives this.
  NtlmClient(NtlmLogin login, Random& random) : login_(std::move(login)), random_(random) {}

  /// The AUTHENTICATE message for the server's CHALLENGE, and the keys that go with it.
  /// [MS-NLMP] §3.1.5.2
  std::expected<Initiated, InitiateFailure> answer(std::string_view challenge, Time now);

 private:
  NtlmLogin login_;
  Random& random_;
};

}  // namespace kith::auth
