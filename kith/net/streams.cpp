#include "kith/net/streams.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "kith/net/transports.h"

namespace kith::net {

using End = Progress::End;

Streams::Streams(Reactor& reactor, Handler& handler, const Limits& limits, Counters& counters)
    : reactor_(reactor),
      handler_(handler),
      limits_(limits),
      counters_(counters),
      task_(reactor.task([this] { turns(); })) {}

Streams::~Streams() = default;

Streams::Connection& Streams::add(const Flow& flow, const TlsContext* tls, StreamSetup::Side side) {
  auto made = std::make_unique<Connection>();
  made->flow = flow;
  made->tls = tls;
  made->side = side;
  return *connections_.emplace(flow.id, std::move(made)).first->second;
}

Streams::Connection* Streams::at(std::uint64_t id) const {
  const auto found = connections_.find(id);
  return found != connections_.end() ? found->second.get() : nullptr;
}

std::error_code Streams::watch(Connection& it) {
  std::expected<Watch, std::error_code> made = reactor_.watch(
      it.fd.number(),
      {.readable = [this, &it] { readable(it); }, .writable = [this, &it] { writable(it); }});
  if (!made) return made.error();
  it.watch = std::move(*made);
  return {};
}

void Streams::accept(Fd fd, std::uint64_t id, Transport transport, const TlsContext* tls) {
  if (connections_.size() >= limits_.connections_max) {
    ++counters_.connections_refused;
    return;
  }
  const Flow flow{.id = id,
                  .transport = transport,
                  .local = local_address(fd.number()),
                  .remote = remote_address(fd.number())};
  tune_stream(fd.number(), limits_.socket_buffer_size_bytes);
  Connection& it = add(flow, tls, StreamSetup::Side::accepted);
  it.fd = std::move(fd);
  if (const std::error_code error = watch(it)) return finish(it, error);
  begin(it);
}

void Streams::connect(const Flow& flow, const TlsContext* tls, std::string server_name) {
  const bool full = connections_.size() >= limits_.connections_max;
  Connection& it = add(flow, tls, StreamSetup::Side::outgoing);
  it.state = Connection::State::connecting;
  it.server_name = std::move(server_name);
  it.queue.keep_sent();
  it.doom = full ? std::make_error_code(std::errc::too_many_files_open) : start_connecting(it);
  if (it.doom) schedule(it);
}

std::error_code Streams::start_connecting(Connection& it) {
  std::expected<Fd, std::error_code> opened = open_socket(it.flow.remote, SOCK_STREAM);
  if (!opened) return opened.error();
  it.fd = std::move(*opened);
  tune_stream(it.fd.number(), limits_.socket_buffer_size_bytes);
  const SocketAddress remote(it.flow.remote);
  if (::connect(it.fd.number(), remote.data(), remote.size) != 0 && errno != EINPROGRESS)
    return last_error();
  if (const std::error_code error = watch(it)) return error;
  it.watch.writable(Interest::on);
  it.deadline = reactor_.at(reactor_.now() + limits_.connect_timeout, [this, &it] { expired(it); });
  return {};
}

void Streams::send(std::uint64_t id, std::string bytes) {
  Connection* it = at(id);
  if (it == nullptr || it->closing || it->doom) return;
  if (it->queue.size_bytes() + bytes.size() > limits_.queued_size_bytes_max)
    it->doom = std::make_error_code(std::errc::no_buffer_space);
  else
    it->queue.push(std::move(bytes));
  schedule(*it);
}

void Streams::close(std::uint64_t id) {
  Connection* it = at(id);
  if (it == nullptr || it->closing || it->doom) return;
  if (it->state == Connection::State::open)
    start_closing(*it);
  else
    it->doom = std::make_error_code(std::errc::operation_canceled);
  schedule(*it);
}

void Streams::pause() { paused_ = true; }

void Streams::resume() {
  paused_ = false;
  for (const std::uint64_t id : std::exchange(held_, {})) {
    Connection* it = at(id);
    if (it == nullptr) continue;
    it->held = false;
    if (it->state != Connection::State::open || it->closing) continue;
    it->watch.readable(Interest::on);
    schedule(*it);
  }
}

/// Whether this connection must not be read from now.
bool Streams::hold(Connection& it) {
  if (!paused_) return false;
  it.watch.readable(Interest::off);
  if (!std::exchange(it.held, true)) held_.push_back(it.flow.id);
  return true;
}

void Streams::schedule(Connection& it) {
  if (std::exchange(it.scheduled, true)) return;
  scheduled_.push_back(it.flow.id);
  task_.schedule();
}

/// What was sent in this turn leaves together; what a stream has kept back is read.
void Streams::turns() {
  running_.swap(scheduled_);
  for (const std::uint64_t id : running_)
    if (Connection* it = at(id)) turn(*it);
  running_.clear();
}

void Streams::turn(Connection& it) {
  it.scheduled = false;
  if (it.doom) return finish(it, it.doom);
  if (it.state != Connection::State::open) return;
  if (it.more && !it.closing && !read(it)) return;
  flush(it);
}

void Streams::readable(Connection& it) {
  switch (it.state) {
    case Connection::State::connecting:
      return;
    case Connection::State::handshaking:
      return handshake(it);
    case Connection::State::lingering:
      return discard(it);
    case Connection::State::open:
      if (!it.closing && !read(it)) return;
      if (it.write_wants_read) flush(it);
  }
}

void Streams::writable(Connection& it) {
  switch (it.state) {
    case Connection::State::connecting:
      if (const std::error_code error = socket_error(it.fd.number())) return finish(it, error);
      it.flow.local = local_address(it.fd.number());
      return begin(it);
    case Connection::State::handshaking:
      return handshake(it);
    case Connection::State::lingering:
      return it.watch.writable(Interest::off);
    case Connection::State::open:
      if (it.read_wants_write && !it.closing && !read(it)) return;
      flush(it);
  }
}

void Streams::begin(Connection& it) {
  it.state = Connection::State::handshaking;
  const auto* const speaks =
      std::ranges::find(stream_transports, it.flow.transport, &StreamTransport::transport);
  it.stream = speaks->open({.fd = it.fd.number(),
                            .side = it.side,
                            .tls = it.tls,
                            .server_name = it.server_name,
                            .scratch = scratch_});
  if (!it.stream) return finish(it, std::make_error_code(std::errc::not_enough_memory));
  it.deadline =
      reactor_.at(reactor_.now() + limits_.handshake_timeout, [this, &it] { expired(it); });
  handshake(it);
}

void Streams::handshake(Connection& it) {
  const Progress progress = it.stream->handshake();
  switch (progress.end) {
    case End::done:
      return up(it);
    case End::ended:
    case End::failed:
      return finish(it, progress.why);
    case End::wants_read:
    case End::wants_write:
      const bool reads = progress.end == End::wants_read;
      it.watch.readable(reads ? Interest::on : Interest::off);
      it.watch.writable(reads ? Interest::off : Interest::on);
  }
}

void Streams::up(Connection& it) {
  it.deadline = {};
  it.state = Connection::State::open;
  it.more = it.stream->buffered();
  it.watch.readable(Interest::on);
  it.watch.writable(Interest::off);
  schedule(it);
  if (it.side == StreamSetup::Side::accepted) return handler_.opened(it.flow);
  lead(it, it.flow.remote);
  handler_.connected(it.flow);
}

/// False if the connection is finished.
bool Streams::read(Connection& it) {
  if (hold(it)) return true;
  const Progress progress = it.stream->read(chunk_);
  it.read_wants_write = progress.end == End::wants_write;
  if (it.read_wants_write) it.watch.writable(Interest::on);
  // An end that comes with bytes is met again in a turn of its own, when they have been answered.
  it.more = progress.bytes > 0 &&
            (progress.end == End::ended || (progress.end == End::done && it.stream->buffered()));
  if (progress.bytes > 0) {
    it.used = true;
    counters_.received_size_bytes += progress.bytes;
    handler_.received(it.flow, {chunk_.data(), progress.bytes});
  } else if (progress.end == End::ended) {
    // Who came to us may have ended only its own side, and still wait for what is on the way. Whom
    // we went to will answer nothing any more: what has not left is better sent elsewhere.
    if ((it.queue.empty() || it.side == StreamSetup::Side::outgoing) && !it.doom) {
      finish(it, {});
      return false;
    }
    start_closing(it);
    schedule(it);
  }
  if (progress.end == End::failed) {
    finish(it, progress.why);
    return false;
  }
  if (it.more) schedule(it);
  return true;
}

void Streams::flush(Connection& it) {
  const Progress progress = it.stream->write(it.queue);
  counters_.sent_size_bytes += progress.bytes;
  it.write_wants_read = progress.end == End::wants_read;
  remember_sent(it);
  if (progress.end == End::failed) return finish(it, progress.why);
  const bool waits = progress.end == End::wants_write || it.read_wants_write;
  it.watch.writable(waits ? Interest::on : Interest::off);
  if (it.closing && it.write_wants_read) it.watch.readable(Interest::on);
  if (it.closing && progress.end == End::done) start_lingering(it);
}

void Streams::start_closing(Connection& it) {
  it.closing = true;
  lead(it, std::nullopt);
  it.watch.readable(Interest::off);
  it.deadline = reactor_.at(reactor_.now() + limits_.close_timeout, [this, &it] { expired(it); });
}

/// Closing a socket with unread bytes resets the connection, and what we sent last may be lost on
/// its way. So the peer is let end first.
void Streams::start_lingering(Connection& it) {
  it.state = Connection::State::lingering;
  it.stream->finish();
  ::shutdown(it.fd.number(), SHUT_WR);
  it.watch.writable(Interest::off);
  it.watch.readable(Interest::on);
}

void Streams::discard(Connection& it) {
  const ssize_t n = ::recv(it.fd.number(), chunk_.data(), chunk_.size(), 0);
  if (n == 0 || (n < 0 && !would_block(last_error()))) finish(it, {});
}

void Streams::expired(Connection& it) {
  const bool sent = it.state == Connection::State::lingering;
  finish(it, sent ? std::error_code{} : std::make_error_code(std::errc::timed_out));
}

void Streams::finish(Connection& it, std::error_code why) {
  const auto found = connections_.find(it.flow.id);
  const std::unique_ptr<Connection> gone = std::move(found->second);
  connections_.erase(found);
  gone->watch = {};
  gone->deadline = {};
  lead(*gone, std::nullopt);
  if (why == std::errc::no_buffer_space) {
    ++counters_.overflows;
    // What the kernel still keeps for a peer that does not read is given up too.
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(gone->fd.number(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }
  const Flow flow = gone->flow;
  switch (gone->state) {
    case Connection::State::handshaking:
      ++counters_.handshakes_failed;
      [[fallthrough]];
    case Connection::State::connecting:
      return handler_.failed(flow, why);
    case Connection::State::open:
    case Connection::State::lingering:
      tell_undelivered(*gone);
      return handler_.closed(flow, why);
  }
}

}  // namespace kith::net
