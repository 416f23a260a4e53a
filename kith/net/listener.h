#pragma once

#include <functional>
#include <system_error>

#include "kith/base/address.h"
#include "kith/net/counters.h"
#include "kith/net/limits.h"
#include "kith/net/reactor.h"
#include "kith/net/socket.h"

namespace kith::net {

/// One listening socket. When the process is out of descriptors, peers wait in the kernel's backlog
/// for Limits::accept_pause instead of spinning the loop.
class Listener {
 public:
  Listener(Reactor& reactor, const Limits& limits, Counters& counters,
           std::function<void(Fd)> accepted);

  std::error_code open(const Address& address, bool reuse_port);
  const Address& local() const { return local_; }

  /// May be called from inside `accepted`.
  void stop();

 private:
  void accept();
  void pause();

  Reactor& reactor_;
  const Limits& limits_;
  Counters& counters_;
  std::function<void(Fd)> accepted_;
  Address local_;
  Fd fd_;
  Watch watch_;
  Timer again_;
};

}  // namespace kith::net
