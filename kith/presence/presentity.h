#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kith/base/result.h"
#include "kith/base/time.h"
#include "kith/presence/aggregate.h"
#include "kith/presence/limits.h"
#include "kith/presence/publication.h"

namespace kith::presence {

/// Whether a device said at its registration that it publishes: `Supported:
/// com.microsoft.msrtc.presence`.
enum class Publishes : std::uint8_t { no, yes };

/// What is up to the server.
struct Policy {
  /// How long a device that publishes may take to do so after signing in; then it counts as
  /// offline. [MS-SIP] §3.2.4.1 has 3 to 15 minutes.
  Duration publish_within = 5min;
  /// What is shown of a device that is signed in and has published nothing: all that is known is
  /// that it is connected.
  State until_published{.availability = {200}, .activity = {0}};
};

/// A user whose presence can be watched: userInfo, which is the user's, and the devices that are
/// signed in. A value that knows no clock.
class Presentity {
 public:
  /// `user_info` is what was kept of an earlier publication.
  explicit Presentity(std::string uri, Directory directory = {}, std::string user_info = {});

  const std::string& uri() const { return uri_; }
  /// To be kept for ever: SIP-PRES-28
  const std::string& user_info() const { return user_info_; }
  std::size_t devices() const { return devices_.size(); }
  void set_directory(Directory directory) { directory_ = std::move(directory); }

  /// A device made a binding; a refresh of one is no signing in. What an earlier device of that
  /// epid published stands until it publishes anew, or until the policy's time is up. Refused,
  /// and nothing changed, for an epid that is none (Fault::malformed) and for one device too many.
  Result<void> sign_in(std::string_view epid, Publishes publishes, Time now,
                       const Limits& limits = {});
  /// Takes the place of all that the device published before; userInfo of all that any device of
  /// the user did, unless there is none in the publication. A device that did not sign in does so
  /// by this. Refused, and nothing changed, as in sign_in(), and with Fault::forbidden if it is the
  /// presence of somebody else (SIP-PRES-05).
  Result<void> publish(std::string_view epid, const Publication& publication, Time now,
                       const Limits& limits = {});
  /// The binding ended. False if there was no such device.
  bool sign_out(std::string_view epid);

  /// What is shown at that time. The same at every time before next_change() unless a device signs
  /// in, publishes or signs out.
  Aggregate aggregate(Time now, const Policy& policy = {}) const;
  /// When what is shown changes by itself, for a device did not publish in time; or `never`. Later
  /// than `now`.
  Time next_change(Time now, const Policy& policy = {}) const;

 private:
  struct Device {
    std::string epid;
    Time signed_in;
    Publishes publishes = Publishes::yes;
    std::optional<DeviceDocument> document;
    Time published;

    /// From then on it counts as offline, if nothing happens.
    Time silent_from(const Policy& policy) const;
  };

  Device* find(std::string_view epid);
  Result<Device*> find_or_add(std::string_view epid, const Limits& limits);

  std::string uri_;
  Directory directory_;
  std::string user_info_;
  std::vector<Device> devices_;
};

}  // namespace kith::presence
