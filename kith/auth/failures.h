#pragma once

#include <cstddef>
#include <map>

#include "kith/base/address.h"
#include "kith/base/time.h"

namespace kith::auth {

/// Counts failed logins by source, so that guessing is slow. A source is an IPv4 address or an IPv6
/// network of 64 bits. Bounded: when full, the source whose period ends first is forgotten.
class Failures {
 public:
  void count(const Address& peer, Time now);
  bool too_many(const Address& peer, Time now) const;
  /// When the source may try again; meaningful while there are too many.
  Time until(const Address& peer) const;

  std::size_t sources() const { return counts_.size(); }

 private:
  struct Count {
    std::size_t failures = 0;
    Time until;
  };
  void make_room(Time now);

  std::map<Address, Count> counts_;
};

/// The address without what one host can vary: no port, and of IPv6 only the network.
Address source_of(const Address& peer);

}  // namespace kith::auth
