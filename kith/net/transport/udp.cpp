#include "kith/net/transport/udp.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <span>
#include <utility>

namespace kith::net {

namespace {

constexpr std::size_t v4_offset = 12;  // of a.b.c.d in ::ffff:a.b.c.d
constexpr int read_batches_max = 4;    // a turn; then the others

struct alignas(cmsghdr) Control {
  std::array<char, CMSG_SPACE(sizeof(in6_pktinfo))> bytes;
};

/// Headers of one batch for recvmmsg or sendmmsg. Every message has one vector.
struct Headers {
  std::array<mmsghdr, datagram_batch> messages{};
  std::array<iovec, datagram_batch> vectors{};
  std::array<SocketAddress, datagram_batch> remotes{};
  std::array<Control, datagram_batch> controls;

  void prepare(std::size_t i, iovec vector) {
    vectors[i] = vector;
    msghdr& header = messages[i].msg_hdr;
    header.msg_iov = &vectors[i];
    header.msg_iovlen = 1;
    header.msg_name = remotes[i].data();
    header.msg_namelen = remotes[i].size;
  }
};

/// Which of our addresses a datagram was sent to.
void read_destination(msghdr& header, Address& local) {
  for (cmsghdr* it = CMSG_FIRSTHDR(&header); it != nullptr; it = CMSG_NXTHDR(&header, it)) {
    if (it->cmsg_level == IPPROTO_IP && it->cmsg_type == IP_PKTINFO) {
      in_pktinfo info{};
      std::memcpy(&info, CMSG_DATA(it), sizeof info);
      std::memcpy(local.ip.data() + v4_offset, &info.ipi_addr, sizeof info.ipi_addr);
    } else if (it->cmsg_level == IPPROTO_IPV6 && it->cmsg_type == IPV6_PKTINFO) {
      in6_pktinfo info{};
      std::memcpy(&info, CMSG_DATA(it), sizeof info);
      std::memcpy(local.ip.data(), &info.ipi6_addr, sizeof info.ipi6_addr);
    }
  }
}

/// Which of our addresses a datagram is to come from.
void write_source(msghdr& header, Control& control, const Address& local) {
  control = {};
  header.msg_control = control.bytes.data();
  const auto put = [&](int level, int type, const auto& info) {
    header.msg_controllen = CMSG_SPACE(sizeof info);
    cmsghdr* message = CMSG_FIRSTHDR(&header);
    message->cmsg_level = level;
    message->cmsg_type = type;
    message->cmsg_len = CMSG_LEN(sizeof info);
    std::memcpy(CMSG_DATA(message), &info, sizeof info);
  };
  if (local.is_v4()) {
    in_pktinfo info{};
    std::memcpy(&info.ipi_spec_dst, local.ip.data() + v4_offset, sizeof info.ipi_spec_dst);
    put(IPPROTO_IP, IP_PKTINFO, info);
  } else {
    in6_pktinfo info{};
    std::memcpy(&info.ipi6_addr, local.ip.data(), sizeof info.ipi6_addr);
    put(IPPROTO_IPV6, IPV6_PKTINFO, info);
  }
}

bool is_any(const Address& address) {
  const std::span<const std::uint8_t> host =
      std::span(address.ip).subspan(address.is_v4() ? v4_offset : 0);
  return std::ranges::all_of(host, [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace

Udp::Udp(std::uint64_t id, Batch& batch, const Limits& limits, Counters& counters,
         Callbacks callbacks)
    : id_(id),
      batch_(batch),
      limits_(limits),
      counters_(counters),
      callbacks_(std::move(callbacks)) {}

std::error_code Udp::open(Reactor& reactor, const Address& address, bool reuse_port) {
  std::expected<Fd, std::error_code> opened = open_socket(address, SOCK_DGRAM);
  if (!opened) return opened.error();
  const int fd = opened->number();
  if (reuse_port && !set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1)) return last_error();
  set_option(fd, SOL_SOCKET, SO_RCVBUF, limits_.datagram_buffer_size_bytes);
  set_option(fd, SOL_SOCKET, SO_SNDBUF, limits_.datagram_buffer_size_bytes);
  any_ = is_any(address);
  if (any_ && !(address.is_v4() ? set_option(fd, IPPROTO_IP, IP_PKTINFO, 1)
                                : set_option(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1)))
    return last_error();
  const SocketAddress bound(address);
  if (::bind(fd, bound.data(), bound.size) != 0) return last_error();
  std::expected<Watch, std::error_code> watch =
      reactor.watch(fd, {.readable = [this] { read(); }, .writable = [this] { flush(); }});
  if (!watch) return watch.error();
  fd_ = std::move(*opened);
  local_ = local_address(fd);
  watch_ = std::move(*watch);
  watch_.readable(Interest::on);
  return {};
}

std::expected<Address, std::error_code> Udp::source_for(const Address& remote) const {
  if (!any_) return local_;
  // Connecting a datagram socket sends nothing, but makes the kernel choose the route.
  const std::expected<Fd, std::error_code> probe = open_socket(remote, SOCK_DGRAM);
  if (!probe) return std::unexpected(probe.error());
  const SocketAddress to(remote);
  if (::connect(probe->number(), to.data(), to.size) != 0) return std::unexpected(last_error());
  Address source = local_address(probe->number());
  source.port = local_.port;
  return source;
}

void Udp::read() {
  for (int turn = 0; turn < read_batches_max; ++turn) {
    Headers headers;
    for (std::size_t i = 0; i < datagram_batch; ++i) {
      headers.prepare(i, {batch_.at(i), Batch::stride});
      if (!any_) continue;
      headers.messages[i].msg_hdr.msg_control = headers.controls[i].bytes.data();
      headers.messages[i].msg_hdr.msg_controllen = headers.controls[i].bytes.size();
    }
    // What a socket error tells of is one datagram sent earlier; there is nothing to do about it.
    const int count = ::recvmmsg(fd_.number(), headers.messages.data(), datagram_batch, 0, nullptr);
    for (std::size_t i = 0; i < static_cast<std::size_t>(std::max(count, 0)); ++i) {
      Flow flow{.id = id_,
                .transport = Transport::udp,
                .local = local_,
                .remote = headers.remotes[i].address()};
      if (any_) read_destination(headers.messages[i].msg_hdr, flow.local);
      counters_.received_size_bytes += headers.messages[i].msg_len;
      callbacks_.received(flow, {batch_.at(i), headers.messages[i].msg_len});
    }
    if (count < static_cast<int>(datagram_batch)) return;
  }
}

void Udp::push(const Flow& flow, std::string bytes) {
  if (queue_.size() - first_ >= limits_.queued_datagrams_max)
    ++counters_.datagrams_dropped;
  else
    queue_.push_back({flow, std::move(bytes)});
}

/// How many were taken; 0 with errno if not even the first was.
std::size_t Udp::send_batch() {
  Headers headers;
  const std::size_t count = std::min(queue_.size() - first_, datagram_batch);
  for (std::size_t i = 0; i < count; ++i) {
    Datagram& datagram = queue_[first_ + i];
    headers.remotes[i] = SocketAddress(datagram.flow.remote);
    headers.prepare(i, {datagram.bytes.data(), datagram.bytes.size()});
    if (any_ && !is_any(datagram.flow.local))
      write_source(headers.messages[i].msg_hdr, headers.controls[i], datagram.flow.local);
  }
  const int sent =
      ::sendmmsg(fd_.number(), headers.messages.data(), static_cast<unsigned>(count), MSG_NOSIGNAL);
  return sent > 0 ? static_cast<std::size_t>(sent) : 0;
}

void Udp::flush() {
  while (first_ < queue_.size()) {
    const std::size_t sent = send_batch();
    if (sent == 0) {
      const std::error_code error = last_error();
      if (would_block(error)) break;
      if (error.value() == EINTR) continue;
      refuse(error);
    }
    for (std::size_t i = 0; i < sent; ++i)
      counters_.sent_size_bytes += queue_[first_ + i].bytes.size();
    first_ += sent;
  }
  queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(first_));
  first_ = 0;
  watch_.writable(queue_.empty() ? Interest::off : Interest::on);
}

/// The first in the queue, and no other, is to blame.
void Udp::refuse(std::error_code error) {
  ++counters_.datagrams_dropped;
  const Flow flow = queue_[first_++].flow;
  callbacks_.failed(flow, error);
}

}  // namespace kith::net
