#include "kith/net/transport/udp.h"

#include <linux/errqueue.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <span>
#include <utility>

namespace kith::net {

namespace {

constexpr std::size_t v4_offset = 12;  // of a.b.c.d in ::ffff:a.b.c.d

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

/// Whether ICMP says that what was sent cannot arrive: host, network, port or protocol unreachable,
/// and parameter problem. What may pass by itself (time exceeded, source quench, a smaller path
/// than was thought) says nothing. RFC 3261 §18.4
bool is_final(const sock_extended_err& told) {
  if (told.ee_origin == SO_EE_ORIGIN_ICMP)
    return (told.ee_type == ICMP_DEST_UNREACH && told.ee_code != ICMP_FRAG_NEEDED) ||
           told.ee_type == ICMP_PARAMETERPROB;
  return told.ee_type == ICMP6_DST_UNREACH || told.ee_type == ICMP6_PARAM_PROB;
}

/// What ICMP told; nothing where the kernel itself did, of which sending has spoken already.
std::optional<sock_extended_err> told_by_icmp(msghdr& header) {
  for (cmsghdr* it = CMSG_FIRSTHDR(&header); it != nullptr; it = CMSG_NXTHDR(&header, it)) {
    const bool v4 = it->cmsg_level == IPPROTO_IP && it->cmsg_type == IP_RECVERR;
    const bool v6 = it->cmsg_level == IPPROTO_IPV6 && it->cmsg_type == IPV6_RECVERR;
    if (!v4 && !v6) continue;
    sock_extended_err told{};
    std::memcpy(&told, CMSG_DATA(it), sizeof told);
    if (told.ee_origin == SO_EE_ORIGIN_ICMP || told.ee_origin == SO_EE_ORIGIN_ICMP6) return told;
  }
  return std::nullopt;
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
  set_option(fd, address.is_v4() ? IPPROTO_IP : IPPROTO_IPV6,
             address.is_v4() ? IP_RECVERR : IPV6_RECVERR, 1);
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
  for (int batch = 0; batch < datagram_batches_max; ++batch)
    if (read_batch() < datagram_batch && !hear_errors()) return;
}

/// How many came.
std::size_t Udp::read_batch() {
  Headers headers;
  for (std::size_t i = 0; i < datagram_batch; ++i) {
    headers.prepare(i, {batch_.at(i), batch_.stride()});
    if (!any_) continue;
    headers.messages[i].msg_hdr.msg_control = headers.controls[i].bytes.data();
    headers.messages[i].msg_hdr.msg_controllen = headers.controls[i].bytes.size();
  }
  const int count = ::recvmmsg(fd_.number(), headers.messages.data(), datagram_batch, 0, nullptr);
  if (count <= 0) return 0;
  ++counters_.datagram_reads;
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    msghdr& header = headers.messages[i].msg_hdr;
    const std::size_t size_bytes = headers.messages[i].msg_len;
    Flow flow{.id = id_,
              .transport = Transport::udp,
              .local = local_,
              .remote = headers.remotes[i].address()};
    if (any_) read_destination(header, flow.local);
    counters_.received_size_bytes += size_bytes;
    if ((header.msg_flags & MSG_TRUNC) == 0) {
      callbacks_.received(flow, {batch_.at(i), size_bytes});
      continue;
    }
    ++counters_.datagrams_cut;
    callbacks_.dropped(flow, std::make_error_code(std::errc::message_size));
  }
  return static_cast<std::size_t>(count);
}

/// Takes what ICMP said about datagrams sent earlier, a batch at most; whether it said anything.
bool Udp::hear_errors() {
  bool heard = false;
  for (std::size_t i = 0; i < datagram_batch; ++i) {
    SocketAddress remote;
    alignas(cmsghdr) std::array<char, 512> control;
    msghdr header{};
    header.msg_name = remote.data();
    header.msg_namelen = remote.size;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    if (::recvmsg(fd_.number(), &header, MSG_ERRQUEUE) < 0) break;
    const std::optional<sock_extended_err> told = told_by_icmp(header);
    heard = heard || told;
    if (!told || !is_final(*told)) continue;
    ++counters_.datagrams_bounced;
    callbacks_.failed(
        {.id = id_, .transport = Transport::udp, .local = local_, .remote = remote.address()},
        {static_cast<int>(told->ee_errno), std::system_category()});
  }
  return heard;
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
  if (sent <= 0) return 0;
  ++counters_.datagram_writes;
  return static_cast<std::size_t>(sent);
}

void Udp::flush() {
  while (first_ < queue_.size()) {
    const std::size_t sent = send_batch();
    if (sent == 0) {
      const std::error_code error = last_error();
      if (would_block(error)) break;
      // An error of a datagram sent earlier ends any call, and is none of this one.
      if (error.value() == EINTR || hear_errors()) continue;
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
