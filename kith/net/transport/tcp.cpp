#include "kith/net/transport/tcp.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>

#include "kith/net/limits.h"
#include "kith/net/send_queue.h"
#include "kith/net/socket.h"

namespace kith::net {

namespace {

class Tcp final : public Stream {
 public:
  explicit Tcp(int fd) : fd_(fd) {}

  Progress handshake() override { return {}; }

  Progress read(std::span<char> chunk) override {
    const ssize_t n = ::recv(fd_, chunk.data(), chunk.size(), 0);
    if (n > 0) return {.bytes = static_cast<std::size_t>(n)};
    if (n == 0) return {.end = Progress::End::ended};
    return stopped(Progress::End::wants_read, 0);
  }

  Progress write(SendQueue& queue) override {
    std::size_t sent = 0;
    while (!queue.empty()) {
      std::array<iovec, gather_max> vectors;
      msghdr message{};
      message.msg_iov = vectors.data();
      message.msg_iovlen = queue.vectors(vectors);
      const ssize_t n = ::sendmsg(fd_, &message, MSG_NOSIGNAL);
      if (n < 0) return stopped(Progress::End::wants_write, sent);
      queue.consume(static_cast<std::size_t>(n));
      sent += static_cast<std::size_t>(n);
      written_size_bytes_ += static_cast<std::size_t>(n);
    }
    return {.bytes = sent};
  }

  std::uint64_t written_size_bytes() const override { return written_size_bytes_; }

  bool buffered() const override { return false; }

  void finish() override {}

 private:
  static Progress stopped(Progress::End want, std::size_t bytes) {
    const std::error_code error = last_error();
    if (would_block(error) || error.value() == EINTR) return {.end = want, .bytes = bytes};
    return {.end = Progress::End::failed, .bytes = bytes, .why = error};
  }

  int fd_;
  std::uint64_t written_size_bytes_ = 0;
};

}  // namespace

std::unique_ptr<Stream> open_tcp(const StreamSetup& setup) {
  return std::make_unique<Tcp>(setup.fd);
}

}  // namespace kith::net
