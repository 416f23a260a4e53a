#pragma once

#include <string>
#include <vector>

#include "kith/base/time.h"
#include "kith/presence/publication.h"
#include "kith/presence/state.h"

namespace kith::presence {

/// What a directory knows of a user; empty where it knows nothing. SIP-PRES-24
struct Directory {
  std::string display_name;
  std::string email;
  std::string phone_number;

  bool operator==(const Directory&) const = default;
};

/// One device that has published.
struct DevicePresence {
  std::string epid;
  Time published;
  DeviceDocument document;

  bool operator==(const DevicePresence&) const = default;
};

/// What watchers are shown of a user: aggregatedPresenceDoc of [MS-SIP] §6. Two that are equal need
/// not both be sent; how old a device's word is, is left to whoever writes it.
struct Aggregate {
  std::string uri;
  State state;       // of the most available device; 0 and 0 when there is none
  std::string epid;  // of that device; empty when there is none
  Directory directory;
  std::string user_info;  // the element; empty: never published
  std::vector<DevicePresence> devices;

  bool operator==(const Aggregate&) const = default;
};

/// The same user as somebody who may not look is shown him: offline, and nothing that he says.
/// SIP-PRES-33
Aggregate as_offline(const Aggregate& aggregate);

}  // namespace kith::presence
