#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "kith/auth/accounts.h"
#include "kith/auth/mechanism.h"
#include "kith/auth/realm.h"
#include "kith/base/random.h"
#include "kith/base/time.h"

/// A scheme that ends in a security association and signed messages. What it says goes over the
/// wire as gssapi-data; everything around that (headers, opaque, signatures, limits) is the
/// Authenticator's.
namespace kith::auth {

/// Send this token to the client in a 401; the handshake goes on with what it answers.
struct Continue {
  std::string token;
};

/// Have the world look at this token; the handshake goes on with Handshake::accepted().
struct AskWorld {
  std::string token;
};

using Step = std::variant<Accepted, Continue, AskWorld, AcceptFailure>;

/// One handshake from the client's first token to its end.
class Handshake {
 public:
  Handshake() = default;
  Handshake(const Handshake&) = delete;
  Handshake& operator=(const Handshake&) = delete;
  virtual ~Handshake() = default;

  virtual Step token(std::string_view token, Time now, Random& random) = 0;
  /// Only after AskWorld.
  virtual Step accepted(AcceptResult result) = 0;
};

/// A way to sign in that takes one or more tokens of the client: NTLM or Kerberos.
class HandshakeScheme {
 public:
  HandshakeScheme() = default;
  HandshakeScheme(const HandshakeScheme&) = delete;
  HandshakeScheme& operator=(const HandshakeScheme&) = delete;
  virtual ~HandshakeScheme() = default;

  virtual std::string_view name() const = 0;  // static storage
  virtual std::string targetname(const Realm& realm) const = 0;
  /// Accounts outlive the handshake.
  virtual std::unique_ptr<Handshake> begin(const Accounts& accounts) const = 0;
};

}  // namespace kith::auth
