#pragma once

#include <cstdint>

namespace kith::net {

/// What happened on one shard since the start, for metrics.
struct Counters {
  std::uint64_t accepted = 0;             // also those refused at once
  std::uint64_t connections_refused = 0;  // connections_max was reached
  std::uint64_t accept_pauses = 0;        // out of descriptors or memory
  std::uint64_t handshakes_failed = 0;
  std::uint64_t overflows = 0;          // closed because the peer did not read
  std::uint64_t datagrams_dropped = 0;  // never sent: the queue was full, or the kernel refused
  std::uint64_t datagrams_cut = 0;      // received, but larger than Limits allow: not passed on
  std::uint64_t datagrams_bounced = 0;  // sent, but ICMP says that nobody is there
  std::uint64_t datagram_reads = 0;     // system calls that brought at least one
  std::uint64_t datagram_writes = 0;    // system calls that took at least one
  std::uint64_t received_size_bytes = 0;
  std::uint64_t sent_size_bytes = 0;

  Counters& operator+=(const Counters& other) {
    accepted += other.accepted;
    connections_refused += other.connections_refused;
    accept_pauses += other.accept_pauses;
    handshakes_failed += other.handshakes_failed;
    overflows += other.overflows;
    datagrams_dropped += other.datagrams_dropped;
    datagrams_cut += other.datagrams_cut;
    datagrams_bounced += other.datagrams_bounced;
    datagram_reads += other.datagram_reads;
    datagram_writes += other.datagram_writes;
    received_size_bytes += other.received_size_bytes;
    sent_size_bytes += other.sent_size_bytes;
    return *this;
  }
};

}  // namespace kith::net
