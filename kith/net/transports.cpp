#include "kith/net/transports.h"

#include <algorithm>
#include <cassert>
#include <unordered_map>
#include <utility>
#include <vector>

#include "kith/net/listener.h"
#include "kith/net/socket.h"
#include "kith/net/streams.h"
#include "kith/net/transport/udp.h"

namespace kith::net {

struct Transports::Impl {
  Impl(Reactor& its_reactor, Handler& its_handler, TransportsOptions its_options)
      : reactor(its_reactor),
        handler(its_handler),
        options(its_options),
        last_id(std::uint64_t{its_options.shard} << 56U),
        streams(its_reactor, its_handler, options.limits, counters),
        datagrams(its_reactor.task([this] { turn(); })) {}

  struct Connected {
    Flow flow;
    std::error_code error;
  };

  std::uint64_t next_id() { return ++last_id; }

  std::expected<Udp*, std::error_code> open_udp(const Address& address, bool reuse_port);
  std::expected<Address, std::error_code> listen_stream(Transport transport, const Address& address,
                                                        ListenOptions listen_options);
  std::uint64_t connect_udp(const Address& remote);
  void turn();

  Reactor& reactor;
  Handler& handler;
  TransportsOptions options;
  Counters counters;
  std::uint64_t last_id;
  Streams streams;
  std::vector<std::unique_ptr<Listener>> listeners;
  std::unique_ptr<Udp::Batch> batch;
  std::vector<std::unique_ptr<Udp>> udp;  // few: one an address
  std::vector<Connected> connected;       // UDP flows to be reported in the next turn
  Task datagrams;
};

std::expected<Udp*, std::error_code> Transports::Impl::open_udp(const Address& address,
                                                                bool reuse_port) {
  if (!batch) batch = std::make_unique<Udp::Batch>(options.limits.datagram_size_bytes_max);
  auto made = std::make_unique<Udp>(
      next_id(), *batch, options.limits, counters,
      Udp::Callbacks{
          .received = [this](const Flow& flow,
                             std::string_view bytes) { handler.received(flow, bytes); },
          .failed = [this](const Flow& flow, std::error_code why) { handler.failed(flow, why); },
          .dropped = [this](const Flow& flow,
                            std::error_code why) { handler.dropped(flow, why); }});
  if (const std::error_code error = made->open(reactor, address, reuse_port))
    return std::unexpected(error);
  return udp.emplace_back(std::move(made)).get();
}

std::expected<Address, std::error_code> Transports::Impl::listen_stream(
    Transport transport, const Address& address, ListenOptions listen_options) {
  auto made = std::make_unique<Listener>(
      reactor, options.limits, counters, [this, transport, tls = listen_options.tls](Fd peer) {
        streams.accept(std::move(peer), next_id(), transport, tls);
      });
  if (const std::error_code error = made->open(address, listen_options.reuse_port))
    return std::unexpected(error);
  return listeners.emplace_back(std::move(made))->local();
}

std::uint64_t Transports::Impl::connect_udp(const Address& remote) {
  const auto same = std::ranges::find_if(
      udp, [&](const auto& socket) { return socket->local().is_v4() == remote.is_v4(); });
  std::expected<Udp*, std::error_code> socket =
      same != udp.end() ? same->get()
                        : open_udp(remote.is_v4() ? Address::v4(0, 0, 0, 0, 0) : Address{}, false);
  Connected it{.flow = {.id = socket ? (*socket)->id() : next_id(),
                        .transport = Transport::udp,
                        .local = {},
                        .remote = remote},
               .error = {}};
  if (const auto local = socket ? (*socket)->source_for(remote) : std::unexpected(socket.error()))
    it.flow.local = *local;
  else
    it.error = local.error();
  connected.push_back(it);
  datagrams.schedule();
  return it.flow.id;
}

void Transports::Impl::turn() {
  for (const Connected& it : std::exchange(connected, {}))
    it.error ? handler.failed(it.flow, it.error) : handler.connected(it.flow);
  for (std::size_t i = 0; i < udp.size(); ++i) udp[i]->flush();
}

Transports::Transports(Reactor& reactor, Handler& handler, TransportsOptions options)
    : impl_(std::make_unique<Impl>(reactor, handler, options)) {}

Transports::~Transports() = default;

std::expected<Address, std::error_code> Transports::listen(Transport transport,
                                                           const Address& address,
                                                           ListenOptions options) {
  if (is_stream(transport)) {
    assert(transport != Transport::tls || options.tls != nullptr);
    return impl_->listen_stream(transport, address, options);
  }
  const std::expected<Udp*, std::error_code> socket = impl_->open_udp(address, options.reuse_port);
  if (!socket) return std::unexpected(socket.error());
  return (*socket)->local();
}

void Transports::stop_listening() {
  for (const std::unique_ptr<Listener>& listener : impl_->listeners) listener->stop();
}

std::uint64_t Transports::connect(Transport transport, const Address& remote,
                                  std::string server_name) {
  if (!is_stream(transport)) return impl_->connect_udp(remote);
  assert(transport != Transport::tls || impl_->options.client_tls != nullptr);
  if (server_name.empty()) server_name = remote.host();
  const Flow flow{.id = impl_->next_id(), .transport = transport, .local = {}, .remote = remote};
  impl_->streams.connect(flow, impl_->options.client_tls, std::move(server_name));
  return flow.id;
}

void Transports::send(const Flow& flow, std::string bytes) {
  if (is_stream(flow.transport)) return impl_->streams.send(flow.id, std::move(bytes));
  const auto socket = std::ranges::find(impl_->udp, flow.id, &Udp::id);
  if (socket == impl_->udp.end()) return;
  (*socket)->push(flow, std::move(bytes));
  impl_->datagrams.schedule();
}

void Transports::close(std::uint64_t flow_id) { impl_->streams.close(flow_id); }

void Transports::pause_reading() { impl_->streams.pause(); }

void Transports::resume_reading() { impl_->streams.resume(); }

std::optional<Flow> Transports::find(Transport transport, const Address& remote,
                                     std::string_view server_name) const {
  if (!is_stream(transport)) return std::nullopt;
  return impl_->streams.find(transport, remote,
                             server_name.empty() ? remote.host() : std::string(server_name));
}

bool Transports::alias(std::uint64_t flow_id, std::uint16_t port) {
  return impl_->streams.alias(flow_id, port);
}

std::vector<std::string> Transports::sip_domains(std::uint64_t flow_id) const {
  return impl_->streams.sip_domains(flow_id);
}

std::size_t Transports::connections() const { return impl_->streams.size(); }

const Counters& Transports::counters() const { return impl_->counters; }

}  // namespace kith::net
