#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kith/auth/digest_challenge.h"
#include "kith/auth/logins.h"
#include "kith/auth/protection_space.h"
#include "kith/base/random.h"
#include "kith/sip/header/authentication_info.h"
#include "kith/sip/header/authorization.h"
#include "kith/sip/message.h"

namespace kith::auth {

/// How a client answers.
struct AnswerPolicy {
  /// Weaker ones are left unanswered. Of the others the strongest is answered in each realm, in
  /// whatever order they come: RFC 8760 §2.4 leaves that to us.
  DigestAlgorithm weakest = DigestAlgorithm::md5;
  QopChoice qop = QopChoice::auth;
  /// Whether all requests go by the same proxies, so that what they asked for in one call they are
  /// given in each. Otherwise that stays within the call: RFC 3261 §22.3
  bool same_proxies = false;
};

/// What one request of ours has been through: begins empty, and goes with it until it is answered
/// by something else than a challenge.
struct Attempt {
  struct Realm {
    Challenger challenger = Challenger::server;
    std::string name;
    int stale_answers = 0;
  };
  std::vector<Realm> answered;
  int turns = 0;
};

/// Why a challenge is not answered.
struct Unanswered {
  enum class Reason : std::uint8_t {
    no_challenge,    // not a 401 or 407, or nothing in it that we can answer
    not_repeatable,  // an ACK or a CANCEL, or no CSeq that could follow
    no_login,        // nobody to be in this realm: for the user to say
    refused,         // the user name or the password is wrong
    always_stale,    // each nonce is too old when it comes back
    too_many,        // turns, or credentials in one request
  };
  Reason reason = Reason::no_challenge;
  std::string realm{};  // where it is about one
};
/// A sentence for the user.
std::string_view to_string(Unanswered::Reason reason);

/// What is to be sent instead of a request that was challenged.
struct Answer {
  sip::Message request;
  std::vector<std::string> without_login;  // realms that asked as well, and get nothing
};

/// What the answer of a server says about itself: RFC 7616 §3.5
enum class Proof : std::uint8_t {
  none,     // nothing, or nothing that we could check
  genuine,  // it knows the password as well
  forged,   // it says so, and does not
};

/// What a user agent client knows about the realms that asked it for Digest credentials: answers
/// challenges, and gives later requests credentials before they are asked for.
/// RFC 3261 §22, RFC 7616, RFC 8760
class Answers {
 public:
  explicit Answers(AnswerPolicy policy = {}) : policy_(policy) {}

  /// The request as it was sent and the 401 or 407 to it; gives it anew, CSeq one higher, with
  /// credentials for each realm that asks and each that had some before, everything else as it was.
  /// Its branch is for the endpoint to choose; in a dialog that has sent more since, its CSeq is
  /// for the dialog. Nothing is learnt and the attempt is as before where this gives an error, but
  /// what was refused is forgotten. So whoever has asked the user meanwhile calls it again; another
  /// password goes on a request without credentials, with a new attempt.
  std::expected<Answer, Unanswered> answer(const sip::Message& request,
                                           const sip::Message& response, Attempt& attempt,
                                           const Logins& logins, Random& random);
  /// The first half of answer(), for whoever makes requests anew: learns the challenges; gives the
  /// realms without a login.
  std::expected<std::vector<std::string>, Unanswered> challenged(const sip::Message& request,
                                                                 const sip::Message& response,
                                                                 Attempt& attempt,
                                                                 const Logins& logins);

  /// Puts credentials on a request wherever they are known: each nonce is counted once more, so
  /// once for each request that is sent. The body must be final. Nothing happens to an ACK or a
  /// CANCEL.
  void authorize(sip::Message& request, Random& random);

  /// Looks at an answer that is no challenge: whether it proves itself, and which nonce comes next.
  Proof check(const sip::Message& request, const sip::Message& response);

  /// A call or a dialog is over, and with it what its proxies asked for: RFC 3261 §22.3
  void forget_call(std::string_view call_id);
  void forget() { spaces_.clear(); }

  std::size_t spaces() const { return spaces_.size(); }

 private:
  struct Realm;

  static std::optional<Unanswered::Reason> refusal(const Realm& realm, const sip::Message& request,
                                                   const Attempt& attempt);
  static void note(const Realm& realm, bool again, Attempt& attempt);
  std::optional<ProtectionSpace> learn(const Realm& realm, const sip::Message& request,
                                       const Logins& logins) const;
  Proof check_info(Challenger challenger, const sip::AuthenticationInfoView& info,
                   const sip::Message& request, const sip::Message& response);
  DigestNonce* nonce_of(const sip::AuthorizationView& sent, Challenger challenger,
                        const sip::Message& request);
  const ProtectionSpace* find(const Realm& realm, const sip::Message& request) const;
  void forget(const Realm& realm, const sip::Message& request);
  void keep(ProtectionSpace space, const sip::Message& request);

  AnswerPolicy policy_;
  std::vector<ProtectionSpace> spaces_;  // what was used last is at the end
};

/// Gives the ACK of a 2xx the credentials of its INVITE, which must be accepted there once more.
/// RFC 3261 §13.2.2.4, §22.1
void repeat_credentials(const sip::Message& invite, sip::Message& ack);

}  // namespace kith::auth
