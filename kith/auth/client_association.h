#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "kith/auth/client_challenge.h"
#include "kith/auth/mechanism.h"
#include "kith/auth/ntlm_client.h"
#include "kith/auth/replay_window.h"
#include "kith/auth/signature.h"
#include "kith/base/random.h"
#include "kith/base/time.h"
#include "kith/sip/message.h"

namespace kith::auth {

/// What a client makes of a message from its server.
struct ServerCheck {
  enum class Kind {
    genuine,     // signed by the server that we signed in at
    not_signed,  // not signed, and need not be
    discard,     // signed wrongly, replayed, for another association, or not signed but must be
  };
  Kind kind = Kind::not_signed;
  std::string_view reason{};

  bool acceptable() const { return kind != Kind::discard; }
};

/// The client's side of a security association by Kerberos or NTLM: one user, one device, one
/// server.
class ClientAssociation {
 public:
  /// The longest life of an association, and how much earlier than its end a client gives it up.
  static constexpr Duration lifetime = 8h;
  static constexpr Duration buffer = 5min;

  enum class State {
    none,
    handshake,    // a token is to be sent, or was sent, with a REGISTER
    established,  // the server has proved itself
  };

  /// Begins a handshake as the challenge asks; asks the initiator for a ticket, which may block.
  std::expected<void, InitiateFailure> begin(const sip::WwwAuthenticate& challenge,
                                             Challenger challenger, Initiator& initiator, Time now);

  /// Begins a handshake in which the server speaks first: the next REGISTER carries an empty token
  /// (SIP-AUTH-08).
  std::expected<void, InitiateFailure> begin(const sip::WwwAuthenticate& challenge,
                                             Challenger challenger, Time now);
  /// Goes on with it: the challenge has the server's token and the opaque to echo.
  std::expected<void, InitiateFailure> proceed(const sip::WwwAuthenticate& challenge,
                                               NtlmClient& ntlm, Time now);
  /// Whether it is the server's turn to send a token.
  bool awaits_token(Time now) const { return state(now) == State::handshake && !context_; }

  State state(Time now) const;
  const std::string& scheme() const { return scheme_; }
  /// When to sign in anew, with a REGISTER without credentials.
  Time expires() const { return expires_; }
  void reset() { *this = ClientAssociation{}; }

  /// Puts the credentials on a message, as its last header: everything else in it must be final.
  /// The handshake is carried by REGISTER only; other messages are signed once it is over.
  void authorize(sip::Message& message, Time now, Random& random);

  /// Looks at the signature of a message from the server. A good one on a 2xx ends the handshake.
  /// Where REGISTER was refused, the next one goes without credentials, and begins a new handshake.
  ServerCheck check(const sip::Message& message, Time now);

 private:
  std::expected<void, InitiateFailure> take(const sip::WwwAuthenticate& challenge,
                                            Challenger challenger, Time now);
  void take(Initiated initiated, Time now);
  std::string signed_parameters(const sip::Message& message, Random& random);
  ServerCheck check_unsigned(const sip::Message& message, Time now) const;

  State state_ = State::none;
  std::unique_ptr<Context> context_;  // none: the server has the next word
  std::string token_;
  bool is_token_spent_ = false;
  std::string scheme_;
  std::string realm_;
  std::string targetname_;
  std::string opaque_;
  Challenger challenger_ = Challenger::server;
  SignatureVersion version_ = SignatureVersion::v2;
  std::uint32_t client_number_ = 0;
  ReplayWindow server_numbers_;
  Time expires_ = never;
};

}  // namespace kith::auth
