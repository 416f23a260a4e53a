#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include "kith/base/flow.h"

namespace kith::net {

class SendQueue;
class TlsContext;

/// How far a step on a descriptor that never blocks has come.
struct Progress {
  enum class End : std::uint8_t {
    done,         // all that was asked
    wants_read,   // go on when the descriptor is readable
    wants_write,  // go on when it is writable
    ended,        // the peer has sent all it will ever send
    failed,       // `why` says how
  };

  End end = End::done;
  std::size_t bytes = 0;  // moved before it ended that way
  std::error_code why = {};
};

/// The side of a connection that a transport adds to a descriptor.
class Stream {
 public:
  virtual ~Stream() = default;

  /// Asked until done, after the descriptor is connected and before anything else.
  virtual Progress handshake() = 0;

  /// Fills at most `chunk`. `done` means that there may be more.
  virtual Progress read(std::span<char> chunk) = 0;

  /// Sends from the queue and takes off it what has left. `done` means that the queue is empty.
  virtual Progress write(SendQueue& queue) = 0;

  /// Whether bytes wait inside that the descriptor will not announce.
  virtual bool buffered() const = 0;

  /// What has been written to the descriptor so far: with TLS more than was taken off the queue.
  virtual std::uint64_t written_size_bytes() const = 0;

  /// For which SIP domains the peer has proved to stand; none where the transport has no proofs.
  virtual std::vector<std::string> sip_domains() const { return {}; }

  /// Tells the peer, if the transport has words for it, that nothing more will be sent.
  virtual void finish() = 0;
};

/// What a stream is made from. The descriptor stays the connection's.
struct StreamSetup {
  enum class Side : std::uint8_t { accepted, outgoing };

  int fd = -1;
  Side side = Side::accepted;
  const TlsContext* tls = nullptr;
  std::string server_name;  // outgoing: whom the peer must prove to be
  std::span<char> scratch;  // shared by the streams of a shard, for the length of a call
};

/// A transport over connections, and how a stream of it is made.
struct StreamTransport {
  Transport transport;
  std::unique_ptr<Stream> (*open)(const StreamSetup& setup);  // null if out of memory
};

}  // namespace kith::net
