#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "kith/base/strong.h"
#include "kith/base/time.h"
#include "kith/sip/uri.h"

/// What the schemes need from the world: keys behind a context, and somebody who accepts or makes
/// handshake tokens. kith/gssapi is one implementation, testing/hmac_mechanism.h another.
namespace kith::auth {

/// The keys of one established security context. Tokens are raw bytes.
class Context {
 public:
  Context() = default;
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  virtual ~Context() = default;

  /// A message integrity code over the text; empty if the context can no longer make one.
  virtual std::string mic(std::string_view text) = 0;
  /// Whether the peer of this context made that code over exactly this text.
  virtual bool verify(std::string_view text, std::string_view mic) = 0;
};

/// A handshake token was good.
struct Accepted {
  std::unique_ptr<Context> context;
  std::string principal;  // who the peer is, as the mechanism names it: alice@EXAMPLE.COM
  Time expires = never;   // of the peer's ticket
  /// Whom the principal stands for, where that is known already; else Accounts is asked.
  std::optional<sip::Aor> account{};
};

/// A handshake token was not good, or could not be looked at. The detail is a sentence for the
/// operator: what is wrong and what to do about it.
struct AcceptFailure {
  enum class Kind {
    bad_token,        // no token at all, or one that this mechanism cannot read
    wrong_principal,  // the ticket is for another service than ours
    no_keytab,        // the keytab is missing, unreadable or has no key of ours
    wrong_key,        // the keytab has another key version or type than the ticket
    clock_skew,       // the client's clock and ours are too far apart, or the ticket has expired
    replay,           // this very token was accepted before
    wrong_password,   // or nobody of that name, which is not told apart
    unavailable,      // nobody could look at it; the client may try later
  };
  Kind kind = Kind::bad_token;
  std::string detail;

  bool operator==(const AcceptFailure&) const = default;
};

/// For logs and administrators: "wrong principal".
std::string_view to_string(AcceptFailure::Kind kind);

using AcceptResult = std::expected<Accepted, AcceptFailure>;

using JobId = Strong<struct JobIdName, std::uint64_t>;

/// Asks the world to look at a client's handshake token; the answer goes to
/// Authenticator::accepted(). It may take as long as a disk or a network does.
struct AcceptJob {
  JobId id;
  std::string token;  // raw bytes, not base64
};

/// The client's half: a token for a service, and the keys that go with it.
struct Initiated {
  std::string token;  // raw bytes
  std::unique_ptr<Context> context;
  Time expires = never;  // of the ticket
};

/// Why no token could be made.
struct InitiateFailure {
  std::string detail;  // a sentence for the user
};

/// What makes the client's half of a security context, such as Kerberos.
class Initiator {
 public:
  Initiator() = default;
  Initiator(const Initiator&) = delete;
  Initiator& operator=(const Initiator&) = delete;
  virtual ~Initiator() = default;

  /// May block: it asks a key distribution centre. The target name is as the server sent it:
  /// "sip/lcs.example.com".
  virtual std::expected<Initiated, InitiateFailure> initiate(std::string_view targetname) = 0;
};

}  // namespace kith::auth
