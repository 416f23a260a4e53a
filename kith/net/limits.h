#pragma once

#include <cstddef>
#include <cstdint>

#include "kith/base/time.h"

namespace kith::net {

/// The most that is read from one peer before the others have their turn. Also the most
/// that one TLS record holds.
inline constexpr std::size_t chunk_size_bytes = 16 * 1024;

/// How many datagrams one system call reads or writes.
inline constexpr std::size_t datagram_batch = 32;

/// How many such calls read from one socket before others have their turn.
inline constexpr int datagram_batches_max = 4;

/// How many queued messages one writev takes.
inline constexpr std::size_t gather_max = 64;

/// How many connections a listener accepts before others have their turn.
inline constexpr int accept_batch = 64;

/// What a shard grants its peers. The defaults are for a server; tests and clients shrink them.
struct Limits {
  std::size_t connections_max = 50'000;                 // accepted and outgoing together
  std::size_t queued_size_bytes_max = 4 * 1024 * 1024;  // waiting for one peer to read
  std::size_t queued_datagrams_max = 4'096;             // waiting for one socket; more are dropped
  std::size_t datagram_size_bytes_max = 64 * 1024;      // received; no larger one can be sent
  int accept_backlog = 1'024;
  int socket_buffer_size_bytes = 0;                  // of a stream; 0 leaves it to the kernel
  int datagram_buffer_size_bytes = 4 * 1024 * 1024;  // of UDP; the kernel may grant less
  Duration connect_timeout = 10s;
  Duration handshake_timeout = 10s;
  Duration close_timeout = 5s;    // to flush, and for the peer to end its side
  Duration accept_pause = 100ms;  // after running out of descriptors
};

}  // namespace kith::net
