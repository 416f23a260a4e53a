#include "server/admin/socket.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <system_error>

#include "kith/crypto/secret.h"
#include "server/admin/limits.h"

extern "C" {  // which the header of glibc 2.36 leaves to who includes it
#include <sys/pidfd.h>
}

namespace kith::admin {

namespace {

std::string last_error() { return std::generic_category().message(errno); }

std::optional<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) return std::nullopt;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

std::string too_long(const std::string& path) {
  return "the path of admin.socket, " + path + ", must have 1 to " +
         std::to_string(sizeof(sockaddr_un::sun_path) - 1) + " bytes";
}

const sockaddr* generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);  // NOLINT: the interface is of C
}

net::Fd stream_socket(int flags) {
  return net::Fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0));
}

bool somebody_answers(const sockaddr_un& address) {
  const net::Fd probe = stream_socket(0);
  return ::connect(probe.number(), generic(address), sizeof address) == 0;
}

}  // namespace

struct Socket::Peer {
  net::Fd fd;
  net::Watch watch;
  net::Timer idle;
  std::string in;
  std::string out;

  ~Peer() { crypto::wipe(in); }
};

Socket::Socket(net::Reactor& reactor, Answer answer)
    : reactor_(reactor), answer_(std::move(answer)) {}

Socket::~Socket() {
  if (listener_) ::unlink(path_.c_str());
}

std::expected<void, std::string> Socket::open(const std::string& path) {
  const std::optional<sockaddr_un> address = address_of(path);
  if (!address) return std::unexpected(too_long(path));
  if (somebody_answers(*address))
    return std::unexpected("another kithd answers on " + path +
                           "; end it, or name another admin.socket");
  struct stat found{};
  if (::lstat(path.c_str(), &found) == 0) {
    if (!S_ISSOCK(found.st_mode))
      return std::unexpected(path + " exists and is no socket; name another admin.socket");
    ::unlink(path.c_str());
  }
  net::Fd fd = stream_socket(SOCK_NONBLOCK);
  const mode_t before = ::umask(0177);  // from the first moment on for the owner alone
  const int bound = ::bind(fd.number(), generic(*address), sizeof *address);
  const std::string error = bound == 0 ? std::string() : last_error();
  ::umask(before);
  if (bound != 0)
    return std::unexpected("cannot make the socket " + path + " (" + error +
                           "); make its folder, and let this user write to it");
  path_ = path;
  listener_ = std::move(fd);
  if (::listen(listener_.number(), static_cast<int>(limits::connections_max)) != 0)
    return std::unexpected("cannot listen on " + path + ": " + last_error());
  auto watch =
      reactor_.watch(listener_.number(), {.readable = [this] { accept(); }, .writable = {}});
  if (!watch) return std::unexpected("cannot watch " + path + ": " + watch.error().message());
  watch_ = *std::move(watch);
  watch_.readable(net::Interest::on);
  return {};
}

void Socket::accept() {
  net::Fd fd(::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!fd || peers_.size() >= limits::connections_max) return;
  const int number = fd.number();
  auto peer = std::make_unique<Peer>();
  Peer* const raw = peer.get();
  auto watch = reactor_.watch(
      number, {.readable = [this, raw] { read(*raw); }, .writable = [this, raw] { write(*raw); }});
  if (!watch) return;
  peer->fd = std::move(fd);
  peer->watch = *std::move(watch);
  peer->watch.readable(net::Interest::on);
  peer->idle = reactor_.at(reactor_.now() + limits::idle_timer, [this, number] { drop(number); });
  peers_.emplace(number, std::move(peer));
}

void Socket::read(Peer& peer) {
  std::array<char, 4096> chunk;
  const ssize_t size = ::read(peer.fd.number(), chunk.data(), chunk.size());
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (size <= 0) return drop(peer.fd.number());
  peer.in.append(chunk.data(), static_cast<std::size_t>(size));
  answer(peer);
}

void Socket::answer(Peer& peer) {
  for (std::size_t end = 0; (end = peer.in.find('\n')) != std::string::npos;) {
    std::string rest = peer.in.substr(end + 1);
    peer.out += answer_(std::string_view(peer.in).substr(0, end));
    peer.out += '\n';
    crypto::wipe(peer.in);
    peer.in = std::move(rest);
  }
  if (peer.in.size() > limits::request_bytes_max) return drop(peer.fd.number());
  // Whoever asked for drain waits for the end of the connection, which then may take its time.
  peer.idle.set(peer.out.empty() ? reactor_.now() + limits::idle_timer : never);
  if (!peer.out.empty()) write(peer);
}

void Socket::write(Peer& peer) {
  while (!peer.out.empty()) {
    const ssize_t size = ::send(peer.fd.number(), peer.out.data(), peer.out.size(), MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) break;
    if (size < 0) return drop(peer.fd.number());
    peer.out.erase(0, static_cast<std::size_t>(size));
  }
  peer.watch.writable(peer.out.empty() ? net::Interest::off : net::Interest::on);
}

void Socket::farewell(std::string_view line) {
  const std::string whole = std::string(line) + "\n";
  for (const auto& [number, peer] : peers_)
    if (peer->out.empty()) [[maybe_unused]]
      const ssize_t ignored = ::send(number, whole.data(), whole.size(), MSG_NOSIGNAL);
}

void Socket::drop(int fd) { peers_.erase(fd); }

Call::Call(net::Fd fd) : fd_(std::move(fd)) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(fd_.number(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.pid > 0)
    process_ = net::Fd(::pidfd_open(peer.pid, 0));
}

std::expected<Call, CallError> Call::open(const std::string& path) {
  const std::optional<sockaddr_un> address = address_of(path);
  if (!address) return std::unexpected(CallError{CallError::Kind::broken, too_long(path)});
  net::Fd fd = stream_socket(0);
  if (::connect(fd.number(), generic(*address), sizeof *address) == 0) return Call(std::move(fd));
  const int error = errno;
  const std::string said = std::generic_category().message(error);
  if (error == ENOENT || error == ECONNREFUSED)
    return std::unexpected(
        CallError{CallError::Kind::not_running, "no kithd answers on " + path + " (" + said + ")"});
  if (error == EACCES || error == EPERM)
    return std::unexpected(CallError{
        CallError::Kind::forbidden,
        "the socket " + path + " is for kithd's own user; run kithctl as that user or as root"});
  return std::unexpected(CallError{CallError::Kind::broken, path + ": " + said});
}

std::expected<std::string, CallError> Call::ask(std::string_view line) {
  const auto broken = [](std::string sentence) {
    return std::unexpected(CallError{CallError::Kind::broken, std::move(sentence)});
  };
  crypto::Secret whole(std::string(line) + "\n");
  for (std::string_view rest = whole.reveal(); !rest.empty();) {
    const ssize_t size = ::send(fd_.number(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return broken("kithd ended the connection: " + last_error());
    rest.remove_prefix(static_cast<std::size_t>(size));
  }
  return this->line(never - Time{});
}

std::expected<std::string, CallError> Call::last_words(Duration patience) { return line(patience); }

bool Call::wait_for_end(Duration patience) {
  if (!process_) return true;
  pollfd ended{.fd = process_.number(), .events = POLLIN, .revents = 0};
  const auto most = std::chrono::duration_cast<std::chrono::milliseconds>(patience).count();
  return ::poll(&ended, 1, static_cast<int>(most)) > 0;
}

std::expected<std::string, CallError> Call::line(Duration patience) {
  const auto broken = [](std::string sentence) {
    return std::unexpected(CallError{CallError::Kind::broken, std::move(sentence)});
  };
  const auto began = std::chrono::steady_clock::now();
  std::array<char, 4096> chunk;
  std::size_t end = 0;
  while ((end = rest_.find('\n', end)) == std::string::npos) {
    end = rest_.size();
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        patience - (std::chrono::steady_clock::now() - began));
    if (left <= 0ms) return broken("kithd has not ended yet; see its log");
    pollfd ready{.fd = fd_.number(), .events = POLLIN, .revents = 0};
    const auto most = std::chrono::milliseconds(std::chrono::hours(24));
    if (::poll(&ready, 1, static_cast<int>(std::min(left, most).count())) <= 0) continue;
    const ssize_t size = ::read(fd_.number(), chunk.data(), chunk.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return broken("kithd's answer was cut off: " + last_error());
    if (size == 0) return broken("kithd ended the connection without an answer; see its log");
    if (rest_.size() > limits::answer_bytes_max) return broken("kithd's answer does not end");
    rest_.append(chunk.data(), static_cast<std::size_t>(size));
  }
  std::string answer = rest_.substr(0, end);
  rest_.erase(0, end + 1);
  return answer;
}

}  // namespace kith::admin
