#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kith/auth/endpoint.h"
#include "kith/auth/mechanism.h"
#include "kith/auth/replay_window.h"
#include "kith/auth/signature.h"
#include "kith/base/random.h"
#include "kith/base/time.h"

namespace kith::auth {

/// What one device and we agreed on. Plain state; who changes it is Associations and Authenticator.
struct Association {
  std::unique_ptr<Context> context;
  std::string scheme;  // as the client writes it
  std::string realm;
  std::string targetname;
  std::string opaque;  // our name for it on the wire: eight hexadecimal digits
  SignatureVersion version = SignatureVersion::v2;
  ReplayWindow client_numbers;
  std::uint32_t server_number = 0;  // the last snum used
  Time established;
  Time ends;        // absolute: whatever happens
  Time idle_until;  // raised by use and by registration
};

/// The security associations of the users of one shard, one for each device. Bounded: a user's
/// oldest makes room for a new one, and a full table takes no more.
class Associations {
 public:
  /// What the server keeps longer than the client, whose own timer ends at most at 8 hours.
  static constexpr Duration lifetime = 8h + 5min;
  /// Without a registration an association that is not used ends after this.
  static constexpr Duration idle_unregistered = 15min;
  /// With one it lasts this much longer than the registration.
  static constexpr Duration idle_after_registration = 30s;

  /// Replaces the association that this device had. False: the table is full.
  bool put(const SaRef& device, Association association, Time now);

  /// Nothing for a device without an association, and for one whose association has ended.
  Association* find(const SaRef& device, Time now);

  /// A message that verified: keeps an association that waits for its registration alive.
  void used(Association& association, Time now) const;
  /// The registrar granted this device a binding until then.
  void registered(const SaRef& device, Time until);

  /// A device signed off (after its 200 was signed). False if it had none.
  bool remove(const SaRef& device);
  /// A user was removed or changed the password: which devices lost theirs.
  std::vector<SaRef> remove_user(const sip::Aor& aor);

  /// Removes what has ended; call when next_deadline() has come. Until then find() hides it.
  std::vector<SaRef> expire(Time now);
  Time next_deadline() const { return associations_.empty() ? never : next_sweep_; }

  std::size_t size() const { return associations_.size(); }

 private:
  void drop_oldest_of(const sip::Aor& aor);

  std::map<SaRef, Association> associations_;
  Time next_sweep_ = never;
};

}  // namespace kith::auth
