#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "kith/base/address.h"
#include "kith/base/time.h"
#include "kith/location/records.h"
#include "kith/net/reactor.h"

namespace kith::resolver {

/// Which servers are asked, and how patiently.
struct Config {
  std::vector<Address> servers{};  // of the DNS; port 0 is 53; none: those of /etc/resolv.conf
  Duration timeout = 1s;           // of the first try; each round of the servers has twice as long
  int tries = 3;                   // of each server
};

/// Asks the DNS what a location::Location wants to know, in the loop of a reactor. Nothing blocks,
/// and each question is answered once, if only by timed_out: with the defaults and one server after
/// seven seconds. Questions go by UDP, and again by TCP where the answer was cut off.
class Resolver {
 public:
  using Answered = std::function<void(const location::Question&, const location::Answer&)>;

  /// `answered` is called from the reactor's turns only; it may ask again, but not destroy the
  /// resolver. The reactor outlives it.
  Resolver(net::Reactor& reactor, const Config& config, Answered answered);
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  void ask(const location::Question& question);

 private:
  class Channel;
  std::unique_ptr<Channel> channel_;
};

}  // namespace kith::resolver
