#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <system_error>
#include <utility>

#include "kith/base/address.h"

namespace kith::net {

/// Owns a descriptor.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd();

  int number() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

/// An address as the kernel wants it.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = sizeof(sockaddr_storage);

  SocketAddress() = default;
  explicit SocketAddress(const Address& address);

  sockaddr* data() { return reinterpret_cast<sockaddr*>(&storage); }
  const sockaddr* data() const { return reinterpret_cast<const sockaddr*>(&storage); }
  Address address() const;
};

/// What the last system call of this thread failed with.
std::error_code last_error();

bool would_block(const std::error_code& error);

/// A non-blocking socket of the IP version of `address`, closed on exec; IPv6 only if it is IPv6.
std::expected<Fd, std::error_code> open_socket(const Address& address, int type);

bool set_option(int fd, int level, int name, int value);

/// The end here, and the end there.
Address local_address(int fd);
Address remote_address(int fd);

/// What a connect under way, or a socket in trouble, has come to.
std::error_code socket_error(int fd);

/// How many of the bytes that were written to a stream the peer's machine has not acknowledged;
/// also known when the connection is broken already.
std::size_t unacknowledged_size_bytes(int fd);

/// Without delay (Nagle), and with the buffer asked for, if any.
void tune_stream(int fd, int buffer_size_bytes);

}  // namespace kith::net
