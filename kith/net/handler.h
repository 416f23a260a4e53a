#pragma once

#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "kith/base/flow.h"

namespace kith::net {

/// Whoever owns a Transports hears from it here. All calls come from the reactor's turns, never
/// from inside a call to Transports; any method of Transports may be called from them, but it must
/// not be destroyed there.
///
/// A stream that came up is `opened` (a peer came to us) or `connected` (we went to it) once, then
/// `received` any number of times, then `closed` once. One that never came up is only `failed`.
class Handler {
 public:
  virtual ~Handler() = default;

  virtual void opened(const Flow& flow) = 0;
  virtual void connected(const Flow& flow) = 0;

  /// One chunk of a stream, or one whole datagram, which may be empty. Valid during the call.
  virtual void received(const Flow& flow, std::string_view bytes) = 0;

  /// A connect or a TLS handshake came to nothing; or a datagram could not be sent, or its peer
  /// said by ICMP that nobody takes it there (RFC 3261 §18.4).
  virtual void failed(const Flow& flow, std::error_code why) = 0;

  /// The connection is gone. `why` is empty if the peer ended it in order, or we did.
  virtual void closed(const Flow& flow, std::error_code why) = 0;

  /// The peer's machine has not acknowledged these messages, or not all that left together with
  /// them: each is whole, in the order of sending. closed() follows at once. Told only of
  /// connections that we made and that had brought something before: on a fresh one to the same
  /// peer the messages have better prospects, once.
  virtual void undelivered(const Flow&, std::vector<std::string> /*messages*/) {}

  /// A datagram came in and is not passed on. For the log: nobody waits for it.
  virtual void dropped(const Flow&, std::error_code /*why*/) {}
};

}  // namespace kith::net
