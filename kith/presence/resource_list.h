#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kith/base/result.h"
#include "kith/presence/format/adrl.h"
#include "kith/presence/limits.h"

namespace kith::presence {

/// Whom a batched subscription watches, and how often it was notified: the state of one dialog.
class ResourceList {
 public:
  /// create takes the place of the whole list, for real clients refresh their subscription by it;
  /// add and delete change it, and what is there already, or is not, is passed over (SIP-BATCH-04).
  /// Returns the resources whose documents are now to be sent: all of a list that is created, the
  /// new ones of one that grows. Fault::too_many, and nothing changed, for a list that would be
  /// longer than limits.resources_max (SIP-BATCH-07).
  Result<std::vector<std::string>> apply(const adrl::AdHocList& change, const Limits& limits = {});

  /// Each once, ignoring case, in the order in which they came.
  const std::vector<std::string>& resources() const { return resources_; }
  bool contains(std::string_view uri) const;

  /// The version of the next notification: 0, and then one more each time.
  std::uint32_t next_version() { return version_++; }

 private:
  std::vector<std::string> resources_;
  std::uint32_t version_ = 0;
};

}  // namespace kith::presence
