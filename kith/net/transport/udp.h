#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "kith/base/flow.h"
#include "kith/net/counters.h"
#include "kith/net/limits.h"
#include "kith/net/reactor.h"
#include "kith/net/socket.h"

namespace kith::net {

/// One UDP socket: a batch of datagrams is read or sent by one system call. An answer leaves from
/// the address that was asked, even if the socket is bound to all of them. RFC 3581 §4
/// What ICMP says about datagrams that were sent is heard, as RFC 3261 §18.4 wants.
class Udp {
 public:
  /// Room for one batch; the sockets of a shard share it.
  class Batch {
   public:
    explicit Batch(std::size_t stride)
        : stride_(stride),
          bytes_(std::make_unique_for_overwrite<char[]>(datagram_batch * stride)) {}
    char* at(std::size_t i) { return bytes_.get() + i * stride_; }
    std::size_t stride() const { return stride_; }

   private:
    std::size_t stride_;
    std::unique_ptr<char[]> bytes_;
  };

  struct Callbacks {
    std::function<void(const Flow&, std::string_view bytes)> received;
    std::function<void(const Flow&, std::error_code why)> failed;
    std::function<void(const Flow&, std::error_code why)> dropped;
  };

  Udp(std::uint64_t id, Batch& batch, const Limits& limits, Counters& counters,
      Callbacks callbacks);

  /// Port 0: the kernel chooses. See local().
  std::error_code open(Reactor& reactor, const Address& address, bool reuse_port);

  std::uint64_t id() const { return id_; }
  const Address& local() const { return local_; }

  /// The address from which datagrams to that peer leave, and to which it will answer.
  std::expected<Address, std::error_code> source_for(const Address& remote) const;

  /// If the queue is full, the datagram is dropped, as any other network might.
  void push(const Flow& flow, std::string bytes);

  /// Sends what is queued, as far as the kernel takes it.
  void flush();

 private:
  struct Datagram {
    Flow flow;
    std::string bytes;
  };

  void read();
  std::size_t read_batch();
  bool hear_errors();
  std::size_t send_batch();
  void refuse(std::error_code error);

  std::uint64_t id_;
  Batch& batch_;
  const Limits& limits_;
  Counters& counters_;
  Callbacks callbacks_;
  Fd fd_;
  Address local_;
  bool any_ = false;  // bound to all addresses
  std::vector<Datagram> queue_;
  std::size_t first_ = 0;  // datagrams before it have left
  Watch watch_;
};

}  // namespace kith::net
