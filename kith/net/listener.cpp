#include "kith/net/listener.h"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace kith::net {

Listener::Listener(Reactor& reactor, const Limits& limits, Counters& counters,
                   std::function<void(Fd)> accepted)
    : reactor_(reactor), limits_(limits), counters_(counters), accepted_(std::move(accepted)) {}

std::error_code Listener::open(const Address& address, bool reuse_port) {
  std::expected<Fd, std::error_code> opened = open_socket(address, SOCK_STREAM);
  if (!opened) return opened.error();
  const int fd = opened->number();
  if (!set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1)) return last_error();
  if (reuse_port && !set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1)) return last_error();
  const SocketAddress bound(address);
  if (::bind(fd, bound.data(), bound.size) != 0) return last_error();
  if (::listen(fd, limits_.accept_backlog) != 0) return last_error();
  std::expected<Watch, std::error_code> watch =
      reactor_.watch(fd, {.readable = [this] { accept(); }, .writable = {}});
  if (!watch) return watch.error();
  fd_ = std::move(*opened);
  local_ = local_address(fd);
  watch_ = std::move(*watch);
  again_ = reactor_.timer([this] { watch_.readable(Interest::on); });
  watch_.readable(Interest::on);
  return {};
}

void Listener::stop() {
  again_ = {};
  watch_ = {};
  fd_ = {};
}

void Listener::accept() {
  for (int i = 0; i < accept_batch && fd_; ++i) {
    Fd peer(::accept4(fd_.number(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (peer) {
      ++counters_.accepted;
      accepted_(std::move(peer));
      continue;
    }
    switch (errno) {
      case EMFILE:
      case ENFILE:
      case ENOBUFS:
      case ENOMEM:
        return pause();
      case EAGAIN:
        return;
      default:
        continue;  // that peer has gone already: accept(2)
    }
  }
}

void Listener::pause() {
  ++counters_.accept_pauses;
  watch_.readable(Interest::off);
  again_.set(reactor_.now() + limits_.accept_pause);
}

}  // namespace kith::net
