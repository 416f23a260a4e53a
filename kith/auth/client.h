#pragma once

#include <expected>
#include <optional>
#include <string>

#include "kith/auth/client_association.h"
#include "kith/auth/digest_client.h"
#include "kith/auth/mechanism.h"
#include "kith/auth/ntlm_client.h"
#include "kith/base/random.h"
#include "kith/base/time.h"
#include "kith/sip/message.h"

namespace kith::auth {

/// What a user can sign in with.
struct ClientLogin {
  std::string username;  // for Digest; empty: no Digest
  crypto::Secret password;
  // Both outlive whoever holds this.
  Initiator* kerberos = nullptr;  // null: no Kerberos
  NtlmClient* ntlm = nullptr;     // null: no NTLM
};

/// What to do about a 401 or 407.
enum class NextStep {
  repeat,         // send the request again, with a new CSeq, after authorize()
  sign_in_again,  // the association is gone: REGISTER, then repeat the request
};

/// One user's credentials at one server, with Kerberos, NTLM or Digest, in this order: answers
/// challenges, signs what is sent, checks what comes.
class ClientAuthenticator {
 public:
  explicit ClientAuthenticator(ClientLogin login);

  /// A request was answered 401 or 407; the request as it was sent. An error is a sentence for the
  /// user, and means that repeating the request would change nothing: this never goes round in
  /// circles.
  std::expected<NextStep, std::string> challenged(const sip::Message& request,
                                                  const sip::Message& response, Time now);

  /// Call last, when the message is complete: a request, or a response to a request of the server.
  void authorize(sip::Message& message, Time now, Random& random);

  /// Call for each message of the server; one that is not acceptable() is to be ignored.
  ServerCheck check(const sip::Message& message, Time now);

  bool has_association(Time now) const;
  /// When to send a REGISTER without credentials again; never without an association.
  Time expires() const { return association_.expires(); }
  /// Forgets everything learnt from the server: before a new connection.
  void reset();

 private:
  std::expected<NextStep, std::string> challenged_kerberos(const sip::Message& request,
                                                           const sip::WwwAuthenticate& challenge,
                                                           Challenger challenger, Time now);

  std::expected<NextStep, std::string> challenged_ntlm(const sip::Message& request,
                                                       const sip::WwwAuthenticate& challenge,
                                                       Challenger challenger, Time now);
  /// What a request other than REGISTER can do about a challenge: nothing by itself.
  NextStep sign_in_again(Time now);

  ClientLogin login_;
  ClientAssociation association_;
  std::optional<DigestClient> digest_;
  bool kerberos_failed_ = false;
  bool ntlm_failed_ = false;
};

}  // namespace kith::auth
