#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "kith/base/flow.h"
#include "kith/net/counters.h"
#include "kith/net/handler.h"
#include "kith/net/limits.h"
#include "kith/net/reactor.h"
#include "kith/net/tls_context.h"
#include "kith/net/transport/stream.h"
#include "kith/net/transport/tcp.h"
#include "kith/net/transport/tls.h"

namespace kith::net {

/// The transports with connections. A new one is a file in transport/ and a line here. UDP has no
/// connections, and goes its own way in transport/udp.h.
inline constexpr std::array stream_transports{
    StreamTransport{Transport::tcp, &open_tcp},
    StreamTransport{Transport::tls, &open_tls},
};

/// How an address is listened on.
struct ListenOptions {
  bool reuse_port = false;  // share the port with other shards; the kernel spreads the peers
  const TlsContext* tls = nullptr;  // required for TLS, unused otherwise
};

/// What all connections of a shard have in common.
struct TransportsOptions {
  std::uint8_t shard = 0;                  // the high 8 bits of every flow id
  const TlsContext* client_tls = nullptr;  // for connect() with TLS
  Limits limits = {};
};

/// The sockets of one shard. Not thread-safe: everything happens on the reactor's thread.
class Transports {
 public:
  Transports(Reactor& reactor, Handler& handler, TransportsOptions options = {});
  /// Closes everything at once; the handler is not told.
  ~Transports();
  Transports(const Transports&) = delete;
  Transports& operator=(const Transports&) = delete;

  /// Returns the address that was bound, with the port that the kernel chose if 0 was asked for.
  /// IPv6 addresses take IPv6 only.
  std::expected<Address, std::error_code> listen(Transport transport, const Address& address,
                                                 ListenOptions options = {});

  /// No more peers are let in; connections and UDP sockets live on.
  void stop_listening();

  /// Returns the id at once; connected() or failed() follows. What is sent before is kept until
  /// then. With TLS the peer must prove to be `server_name`, or if that is empty, to be the remote
  /// IP address. With UDP the flow uses a socket that listens for the same IP version, or a new
  /// one.
  std::uint64_t connect(Transport transport, const Address& remote, std::string server_name = {});

  /// Queues the bytes; what is sent in one turn leaves together. A connection whose queue outgrows
  /// Limits::queued_size_bytes_max is closed with std::errc::no_buffer_space. Bytes for a flow that
  /// is gone are dropped: closed() has said so, or will.
  void send(const Flow& flow, std::string bytes);

  /// Nothing more is received. What is queued is still sent; closed() follows when the peer has
  /// ended too, or after Limits::close_timeout. Does nothing for UDP.
  void close(std::uint64_t flow_id);

  /// Back-pressure: no stream is read from until resume_reading(). UDP goes on: it is answered 503.
  void pause_reading();
  void resume_reading();

  /// A connection that is up and leads there, made by us or lent by alias(): whoever has one makes
  /// no other. With TLS its peer has proved to be `server_name`, or if that is empty, the remote IP
  /// address: two domains of one server do not share it. RFC 3261 §18.1.1, RFC 5923 §9.3
  std::optional<Flow> find(Transport transport, const Address& remote,
                           std::string_view server_name = {}) const;

  /// A peer that connected to us offers by `alias` in its Via that our requests to this port of its
  /// host (that of sent-by) go over its connection, too; the last offer counts. False where it is
  /// not to be taken: without TLS, or if the peer has proved no domain, anybody could draw the
  /// requests of others on himself. RFC 5923 §8.2
  bool alias(std::uint64_t flow_id, std::uint16_t port);

  /// For which SIP domains the certificate of the peer stands; none where it showed none, and
  /// without TLS. RFC 5922 §7.1
  std::vector<std::string> sip_domains(std::uint64_t flow_id) const;

  std::size_t connections() const;
  const Counters& counters() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kith::net
