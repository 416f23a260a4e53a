#include "kith/host/network.h"

#include <algorithm>
#include <csignal>

#include "kith/base/overloaded.h"
#include "kith/sip/header/via.h"

namespace kith::host {

namespace {

/// As long as a transaction tries: what was sent before has ended by then, one way or the other.
constexpr Duration retry_timer = 32s;
constexpr std::uint16_t tls_port = 5061;  // RFC 3261 §18.2.2: of a sent-by without one

/// An address as the host of a Via.
std::string bracketed(std::string_view address) {
  const std::string text{address};
  return address.contains(':') ? "[" + text + "]" : text;
}

location::Config speakable(location::Config config, const net::TlsContext* client_tls) {
  if (client_tls == nullptr) std::erase(config.transports, Transport::tls);
  return config;
}

location::Failure failure_of(std::error_code why) {
  return why == std::errc::connection_refused ? location::Failure::refused
                                              : location::Failure::transport;
}

std::string_view sentence(location::Exhaustion why) {
  using enum location::Exhaustion;
  switch (why) {
    case unusable:
      return "the URI is none that can be sent to";
    case not_found:
      return "there is no such server";
    case dns_failed:
      return "the DNS does not answer";
    case all_failed:
      return "nobody there could be reached";
    case unavailable:
      return "the servers there asked not to be called yet";
    case too_many_searches:
      return "too many servers are being looked for";
  }
  std::unreachable();
}

bool is_wildcard(const Address& address) {
  return address.host() == "0.0.0.0" || address.host() == "::";
}

}  // namespace

std::string Unreachable::text() const {
  if (refusal)
    return "the dialog does not take it: " + std::string{to_string(refusal->fault)} + " " +
           std::string{refusal->where};
  std::string text{sentence(why)};
  if (error) text += ": " + error.message();
  return text;
}

Network::Network(net::Reactor& reactor, Config config)
    : reactor_(reactor),
      config_(std::move(config)),
      transports_(reactor, *this, {.client_tls = config_.client_tls, .limits = config_.network}),
      location_(speakable(config_.location, config_.client_tls), random_),
      turn_(reactor.task([this] { turn(); })),
      deadline_(reactor.timer([this] {
        agent_tick();
        schedule();
      })) {}

std::expected<Address, std::error_code> Network::listen(Transport transport,
                                                        const Address& address) {
  if (transport == Transport::tls && config_.server_tls == nullptr)
    return std::unexpected(std::make_error_code(std::errc::protocol_not_supported));
  const auto bound = transports_.listen(transport, address, {.tls = config_.server_tls});
  if (bound) listening_.emplace_back(transport, *bound);
  return bound;
}

std::expected<Address, std::error_code> Network::listen(const Address& address) {
  // A port that the kernel has chosen for UDP may be taken for TCP. Then another one is tried; the
  // first goes on being listened to by UDP alone, for sockets live as long as the network.
  constexpr int tries = 16;
  std::expected<Address, std::error_code> tcp;
  for (int i = 0; i < (address.port == 0 ? tries : 1); ++i) {
    const auto udp = listen(Transport::udp, address);
    if (!udp) return udp;
    tcp = listen(Transport::tcp, *udp);
    if (tcp) return tcp;
  }
  return tcp;
}

void Network::prepare(ua::Config& config) {
  // Where one connection broke, the response comes over another: RFC 3261 §18.2.2. It must find the
  // port that is listened on, and not the one that the kernel chose for going out. Where there are
  // several, the flow's own address says at least which host it is.
  const auto fill = [&](Transport transport, std::string& sent_by) {
    if (!sent_by.empty()) return;
    const auto same = [&](const auto& each) { return each.first == transport; };
    if (std::ranges::count_if(listening_, same) != 1) return;
    const Address& address = std::ranges::find_if(listening_, same)->second;
    if (!is_wildcard(address)) sent_by = address.text();
  };
  fill(Transport::tcp, config.sent_by.tcp);
  fill(Transport::tls, config.sent_by.tls);
  const auto over_tls = [](const auto& each) { return each.first == Transport::tls; };
  if (config_.offers_alias && config_.client_tls != nullptr &&
      config_.client_tls->shows_certificate() && std::ranges::any_of(listening_, over_tls))
    config.offers_alias = true;
  if (config_.replies_anew) config.outlives_connections = true;
  if (!config_.trace && config_.server_tls == nullptr) return;
  config.inspector = [this, next = std::move(config.inspector)](
                         ua::Direction direction, const Flow& flow, std::string_view bytes) {
    if (config_.trace) config_.trace({now(), direction, flow, bytes});
    if (direction == ua::Direction::in && proven_.contains(flow.id)) heed_alias(flow, bytes);
    return next ? next(direction, flow, bytes) : ua::Verdict{};
  };
}

// ---- From a URI to a flow -----------------------------------------------------------------------

void Network::reach(const location::Request& request, Reached reached) {
  begin(location_.start(request, now()), std::move(reached), true);
}

void Network::reach(const sip::Via& via, Reached reached) {
  begin(location_.start(via, now()), std::move(reached), true);
}

void Network::reach(const location::Target& target, Reached reached) {
  const WayId id{++last_way_};
  ways_.emplace(id.value, Way{.reached = std::move(reached), .once = true});
  if (target.transport == Transport::tls && config_.client_tls == nullptr)
    lead(id, std::unexpected(Unreachable{.why = location::Exhaustion::unusable}));
  else
    connect(id, target);
}

Network::WayId Network::search(const location::Request& request, Reached reached) {
  return begin(location_.start(request, now()), std::move(reached), false);
}

Network::WayId Network::begin(location::SearchId search, Reached reached, bool once) {
  const WayId id{++last_way_};
  ways_.emplace(id.value, Way{.reached = std::move(reached), .once = once, .search = search});
  searches_.emplace(search.value, id);
  schedule();
  return id;
}

void Network::found_wrong(WayId way, location::Failure failure,
                          std::optional<Duration> retry_after) {
  fail(way, failure, {}, retry_after);
}

void Network::found_right(WayId way) {
  const auto found = ways_.find(way.value);
  if (found == ways_.end()) return;
  if (found->second.search) location_.succeeded(*found->second.search);
  forget(found);
}

void Network::connect(WayId way, const location::Target& target) {
  const bool is_named = target.transport == Transport::tls;
  Peer peer{target.transport, target.address, is_named ? target.tls_name : std::string{}};
  if (const auto found = up_.find(peer); found != up_.end()) return lead(way, found->second);
  if (is_named)
    if (const auto lent = transports_.find(target.transport, target.address, target.tls_name))
      return lead(way, *lent);
  const auto same = std::ranges::find(connecting_, peer, &Connecting::peer);
  if (same != connecting_.end()) return same->ways.push_back(way);
  const std::uint64_t flow = transports_.connect(target.transport, target.address, target.tls_name);
  connecting_.push_back({std::move(peer), flow, {way}});
}

/// The caller hears of it in a turn of its own.
void Network::lead(WayId way, std::expected<Flow, Unreachable> to) {
  ready_.emplace_back(way, std::move(to));
  schedule();
}

void Network::fail(WayId way, location::Failure failure, std::error_code error,
                   std::optional<Duration> retry_after) {
  const auto found = ways_.find(way.value);
  if (found == ways_.end()) return;
  found->second.error = error;
  if (!found->second.search)
    return lead(way, std::unexpected(Unreachable{location::Exhaustion::all_failed, error}));
  location_.failed(*found->second.search, failure, now(), retry_after);
  schedule();
}

void Network::forget(std::unordered_map<std::uint64_t, Way>::iterator way) {
  if (way->second.search) searches_.erase(way->second.search->value);
  ways_.erase(way);
}

void Network::ask(const location::Question& question) {
  if (!resolver_) {
    const auto answered = [this](const location::Question& asked, const location::Answer& answer) {
      location_.answer(asked, answer, now());
      schedule();
    };
    resolver_.emplace(reactor_, config_.resolver, answered);
  }
  resolver_->ask(question);
}

bool Network::drain_location() {
  bool any = false;
  while (const std::optional<location::Output> output = location_.poll()) {
    any = true;
    std::visit(Overloaded{
                   [this](const location::Ask& asked) { ask(asked.question); },
                   [this](const location::Found& found) {
                     if (const auto way = searches_.find(found.search.value);
                         way != searches_.end())
                       connect(way->second, found.target);
                   },
                   [this](const location::Exhausted& over) {
                     const auto way = searches_.find(over.search.value);
                     if (way == searches_.end()) return;
                     const std::error_code error = ways_.at(way->second.value).error;
                     lead(way->second, std::unexpected(Unreachable{over.why, error}));
                   },
               },
               *output);
  }
  return any;
}

bool Network::drain_ready() {
  bool any = false;
  while (!ready_.empty()) {
    any = true;
    auto [id, to] = std::move(ready_.front());
    ready_.pop_front();
    const auto way = ways_.find(id.value);
    if (way == ways_.end()) continue;
    const Reached reached = way->second.reached;
    if (to && way->second.once && way->second.search) location_.end(*way->second.search);
    if (!to || way->second.once) forget(way);
    reached(std::move(to));
  }
  return any;
}

void Network::send_anew(const ua::ReplyStranded& reply, std::function<void()> lost) {
  const auto response = sip::Message::parse(reply.bytes);
  auto via = response ? response->get<sip::Via>() : std::optional<sip::Via>{};
  if (!config_.replies_anew || !via || !*via) return lost();
  // To where the request came from, and not on to where sent-by leads besides: who sent it would
  // choose whom we write to.
  if (const auto source = (*via)->received()) (*via)->host = bracketed(*source);
  reach(**via, [this, bytes = reply.bytes,
                lost = std::move(lost)](const std::expected<Flow, Unreachable>& to) {
    if (!to) return lost();
    if (config_.trace) config_.trace({now(), ua::Direction::out, *to, bytes});
    transports_.send(*to, bytes);
  });
}

// ---- From the sockets ---------------------------------------------------------------------------

std::optional<Network::Connecting> Network::take_connecting(const Flow& flow) {
  const auto found = std::ranges::find_if(connecting_, [&](const Connecting& each) {
    return each.flow == flow.id && std::get<Address>(each.peer) == flow.remote;
  });
  if (found == connecting_.end()) return std::nullopt;
  Connecting taken = std::move(*found);
  connecting_.erase(found);
  return taken;
}

void Network::opened(const Flow& flow) {
  // RFC 3261 §18: what is for where a connection came from goes over that one. Over TLS it does
  // not, but for heed_alias(): who is at the other end was not shown.
  if (flow.transport == Transport::tcp) up_.emplace(Peer{flow.transport, flow.remote, {}}, flow);
  if (!transports_.sip_domains(flow.id).empty()) proven_.insert(flow.id);
  agent_opened(flow, Opened::by_peer);
  schedule();
}

void Network::connected(const Flow& flow) {
  std::optional<Connecting> link = take_connecting(flow);
  if (is_stream(flow.transport)) {
    agent_opened(flow, Opened::by_us);
    if (link) up_.emplace(std::move(link->peer), flow);
  }
  if (link)
    for (const WayId way : link->ways) lead(way, flow);
  schedule();
}

void Network::received(const Flow& flow, std::string_view bytes) {
  agent_received(flow, bytes);
  schedule();
}

void Network::failed(const Flow& flow, std::error_code why) {
  if (const std::optional<Connecting> link = take_connecting(flow))
    for (const WayId way : link->ways) fail(way, failure_of(why), why);
  fresh_.erase(flow.id);
  agent_closed(flow, why);
  schedule();
}

/// From now on no request finds it.
void Network::lose(const Flow& flow) {
  std::erase_if(up_, [&](const auto& each) { return each.second.id == flow.id; });
  proven_.erase(flow.id);
  fresh_.erase(flow.id);
}

/// RFC 5923 §8.2: who has proved by its certificate to stand for a domain, and says in the top Via
/// that it stays, is sent requests for that domain over the connection that it made.
void Network::heed_alias(const Flow& flow, std::string_view bytes) {
  const auto request = sip::Message::parse(std::string{bytes});
  if (!request || !request->is_request()) return;
  const auto via = request->view<sip::Via>();
  if (!via || !*via || !(*via)->params.has("alias")) return;
  if (transports_.alias(flow.id, (*via)->port.value_or(tls_port))) agent_authenticated(flow);
}

void Network::closed(const Flow& flow, std::error_code why) {
  lose(flow);
  agent_closed(flow, why);
  schedule();
}

/// RFC 3261 §18.4: what a connection that was used again has not delivered is tried once more, on a
/// fresh one.
void Network::undelivered(const Flow& flow, std::vector<std::string> messages) {
  // What keeps a flow alive is for that flow.
  std::erase_if(messages, [](std::string_view each) {
    return each.find_first_not_of("\r\n") == std::string_view::npos;
  });
  const auto broken =
      std::ranges::find(up_, flow.id, [](const auto& each) { return each.second.id; });
  if (messages.empty() || broken == up_.end()) return;  // not there: the agent has closed it
  if (const auto retry = fresh_.find(flow.id); retry != fresh_.end() && now() < retry->second)
    return;
  Flow fresh = flow;
  fresh.id = transports_.connect(flow.transport, flow.remote, std::get<std::string>(broken->first));
  fresh_.emplace(fresh.id, now() + retry_timer);
  // Who wants to go there meanwhile goes the same way.
  connecting_.push_back({broken->first, fresh.id, {}});
  lose(flow);
  agent_opened(fresh, Opened::by_us);
  for (std::string& message : messages) {
    agent_moved(flow, fresh, message);
    if (config_.trace) config_.trace({now(), ua::Direction::out, fresh, message});
    transports_.send(fresh, std::move(message));
  }
}

void Network::close(const Flow& flow) {
  lose(flow);
  transports_.close(flow.id);
}

// ---- The loop -----------------------------------------------------------------------------------

void Network::turn() {
  for (bool busy = true; busy;) {
    busy = drain_location();
    busy = drain_ready() || busy;
    busy = agent_drain() || busy;
  }
  deadline_.set(agent_deadline());
  // What was sent in this turn is handed to the kernel by tasks that are waiting already.
  if (std::exchange(stopping_, false)) reactor_.post([this] { reactor_.stop(); });
}

void Network::run(std::function<void()> interrupted) {
  if (!interrupted) interrupted = [this] { stop(); };
  for (const int signal : {SIGINT, SIGTERM}) reactor_.on_signal(signal, interrupted);
  schedule();
  reactor_.run();
}

void Network::stop() {
  stopping_ = true;
  schedule();
}

}  // namespace kith::host
