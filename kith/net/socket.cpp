#include "kith/net/socket.h"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace kith::net {

namespace {
constexpr std::size_t v4_offset = 12;  // of a.b.c.d in ::ffff:a.b.c.d

template <class F>
Address ask(F name, int fd) {
  SocketAddress address;
  if (name(fd, address.data(), &address.size) != 0) return {};
  return address.address();
}
}  // namespace

Fd::~Fd() {
  if (fd_ >= 0) ::close(fd_);
}

SocketAddress::SocketAddress(const Address& address) {
  if (address.is_v4()) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(address.port);
    std::memcpy(&v4.sin_addr, address.ip.data() + v4_offset, sizeof v4.sin_addr);
    std::memcpy(&storage, &v4, size = sizeof v4);
  } else {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(address.port);
    std::memcpy(&v6.sin6_addr, address.ip.data(), sizeof v6.sin6_addr);
    std::memcpy(&storage, &v6, size = sizeof v6);
  }
}

Address SocketAddress::address() const {
  if (storage.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &storage, sizeof v4);
    Address address = Address::v4(0, 0, 0, 0, ntohs(v4.sin_port));
    std::memcpy(address.ip.data() + v4_offset, &v4.sin_addr, sizeof v4.sin_addr);
    return address;
  }
  sockaddr_in6 v6{};
  std::memcpy(&v6, &storage, sizeof v6);
  Address address{.ip = {}, .port = ntohs(v6.sin6_port)};
  std::memcpy(address.ip.data(), &v6.sin6_addr, sizeof v6.sin6_addr);
  return address;
}

std::error_code last_error() { return {errno, std::system_category()}; }

bool would_block(const std::error_code& error) {
  return error.value() == EAGAIN || error.value() == EWOULDBLOCK;
}

std::expected<Fd, std::error_code> open_socket(const Address& address, int type) {
  const int family = address.is_v4() ? AF_INET : AF_INET6;
  Fd fd(::socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return std::unexpected(last_error());
  if (family == AF_INET6 && !set_option(fd.number(), IPPROTO_IPV6, IPV6_V6ONLY, 1))
    return std::unexpected(last_error());
  return fd;
}

bool set_option(int fd, int level, int name, int value) {
  return ::setsockopt(fd, level, name, &value, sizeof value) == 0;
}

Address local_address(int fd) { return ask(&::getsockname, fd); }

Address remote_address(int fd) { return ask(&::getpeername, fd); }

std::error_code socket_error(int fd) {
  int value = 0;
  socklen_t size = sizeof value;
  if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &value, &size) != 0) return last_error();
  return {value, std::system_category()};
}

std::size_t unacknowledged_size_bytes(int fd) {
  int size_bytes = 0;
  if (::ioctl(fd, SIOCOUTQ, &size_bytes) != 0 || size_bytes < 0) return 0;
  return static_cast<std::size_t>(size_bytes);
}

void tune_stream(int fd, int buffer_size_bytes) {
  set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  if (buffer_size_bytes == 0) return;
  set_option(fd, SOL_SOCKET, SO_RCVBUF, buffer_size_bytes);
  set_option(fd, SOL_SOCKET, SO_SNDBUF, buffer_size_bytes);
}

}  // namespace kith::net
