#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kith/auth/accounts.h"
#include "kith/auth/associations.h"
#include "kith/auth/endpoint.h"
#include "kith/auth/failures.h"
#include "kith/auth/mechanism.h"
#include "kith/auth/parameters.h"
#include "kith/auth/realm.h"
#include "kith/auth/scheme.h"
#include "kith/auth/scheme/digest.h"
#include "kith/base/address.h"
#include "kith/base/random.h"
#include "kith/base/time.h"
#include "kith/sip/message.h"

namespace kith::auth {

/// The request comes from this account. It says nothing about whose registration To names.
struct Passed {
  sip::Aor who;
  SaRef association;  // empty for Digest
};

/// The request is to be answered 401 with these WWW-Authenticate values and a Date.
struct Challenge {
  std::vector<std::string> values;  // one header each, best scheme first
  Time date;
  std::string cause;  // for the log, when credentials were there and failed; else empty
  Stale stale = Stale::no;
  bool goes_on = false;  // with a handshake: the one value answers the client's token

  /// Adds the headers to a 401.
  void write_to(sip::Message& response) const;
};

/// No answer at all; the reason is for the log.
struct Drop {
  std::string reason;
};

/// Credentials are being looked at: Authenticator::accepted() gives the verdict.
struct Pending {
  JobId job;
};

/// The request is to be answered with this status.
struct Refuse {
  int status = 403;
  std::string text;                       // for the reason phrase
  std::optional<Duration> retry_after{};  // for Retry-After
  std::string cause{};                    // for the log, if more is to be said than the text
};

using Verdict = std::variant<Passed, Challenge, Drop, Pending, Refuse>;

/// Decides who sent a request, and signs what goes back: all users of one shard. Not for
/// retransmissions: whoever calls has matched transactions before (SIP-AUTH-57), for a repeated
/// number is a replay here.
class Authenticator {
 public:
  /// Accounts and random outlive this.
  Authenticator(const Realm& realm, const Accounts& accounts, Random& random);
  /// The same with other schemes than those of schemes.h.
  Authenticator(Realm realm, std::vector<std::unique_ptr<HandshakeScheme>> schemes,
                const Accounts& accounts, Random& random);

  /// A signature is verified before its number is looked at. An unknown association is challenged,
  /// a wrong signature of a known one dropped in silence; a wrong Digest is challenged again.
  Verdict check(const sip::Message& request, const Address& source, Time now);

  /// What is to be asked from the world, in order; drain after check().
  std::optional<AcceptJob> poll();
  /// The world's answer to a job: the verdict on the request that waited for it. One that was given
  /// up meanwhile (too slow, user removed) is refused with 503. Pending again only if the scheme
  /// asks twice.
  Verdict accepted(JobId job, AcceptResult result, Time now);

  /// Adds Authentication-Info to a response or a request for a device, as its last header:
  /// everything else in the message must be final. False if the device has no association (any
  /// longer).
  bool sign(const SaRef& device, sip::Message& message, Time now);

  bool has_association(const SaRef& device, Time now) {
    return associations_.find(device, now) != nullptr;
  }

  /// The registrar granted a binding until then; the association lasts at least as long.
  void registered(const SaRef& device, Time until) { associations_.registered(device, until); }
  /// A device signed off; call after the 200 was signed.
  void forget(const SaRef& device) { associations_.remove(device); }
  /// A user was removed, or the password changed: ends associations and handshakes under way; which
  /// devices lost theirs.
  std::vector<SaRef> forget(const sip::Aor& user);

  /// Ends what has expired, handshakes that nobody finished included; whose association ended.
  std::vector<SaRef> tick(Time now);
  Time next_deadline() const;

  const Associations& associations() const { return associations_; }
  std::size_t handshakes() const { return handshakes_.size(); }

 private:
  /// What a client signed together with its handshake token, until its keys are known.
  struct HeldSignature {
    std::string buffer;
    std::string mic;
    std::uint32_t number = 0;
  };
  /// A handshake under way: the world or the client has the next word.
  struct Half {
    std::unique_ptr<Handshake> handshake;
    const HandshakeScheme* scheme = nullptr;
    SaRef device;
    Address source;
    std::string opaque;
    SignatureVersion version = SignatureVersion::v2;
    std::string scheme_text;
    std::optional<HeldSignature> signature;
    bool waits_for_client = false;
    Time deadline;
  };
  struct Presented;  // the credentials that count, taken apart

  Challenge challenge(Time now, std::string cause = {}, Stale stale = Stale::no) const;
  Verdict offer_digest(Verdict verdict, const Address& source, Time now) const;
  Verdict check_credentials(const sip::Message& request, const Address& source, Time now);
  std::optional<Presented> choose(const Credentials& found) const;
  Verdict check_signed(const Presented& presented, SaRef device, const sip::Message& request,
                       Time now);
  Verdict check_handshake(const Presented& presented, SaRef device, const sip::Message& request,
                          const Address& source, Time now);
  Verdict check_digest(const Presented& presented, const sip::Message& request,
                       const Address& source, Time now);
  Verdict advance(JobId id, Step step, Time now);
  Verdict established(JobId id, Accepted accepted, Time now);
  Verdict handshake_failed(JobId id, const AcceptFailure& failure, Time now);
  std::optional<JobId> half_open(const SaRef& device, std::string_view opaque, Time now) const;
  std::size_t handshakes_of(const Address& source) const;
  std::string fresh_opaque();

  Realm realm_;
  const Accounts& accounts_;
  Random& random_;
  std::vector<std::unique_ptr<HandshakeScheme>> schemes_;
  std::optional<Digest> digest_;
  Associations associations_;
  Failures failures_;
  std::map<JobId, Half> handshakes_;
  std::deque<AcceptJob> jobs_;
  std::uint64_t last_job_ = 0;
  std::string buffer_;  // reused: a signature is verified for each message
};

}  // namespace kith::auth
