#include "kith/ua/proxy.h"

#include <algorithm>
#include <span>
#include <utility>

#include "kith/base/overloaded.h"
#include "kith/ua/proxy_core.h"

namespace kith::ua {
namespace {

transaction::HashKey make_secret(Random& random) {
  transaction::HashKey key{};
  random.fill(std::as_writable_bytes(std::span{key}));
  return key;
}

/// Timer C is the proxy's own, for it must cancel what it gives up: RFC 3261 §16.8. That of its
/// transactions comes only after a cancelled one was given up as well.
Config of_endpoint(const ProxyConfig& config) {
  Config endpoint = config.endpoint;
  endpoint.reports_complete = true;
  endpoint.passes_strays = config.stateless;
  endpoint.timers.c += 2 * 64 * endpoint.timers.t1;
  return endpoint;
}

}  // namespace

// ---- Proxy --------------------------------------------------------------------------------------

Proxy::Proxy(ProxyConfig config, Random& random)
    : core_(std::make_unique<Core>(std::move(config), random)) {}
Proxy::~Proxy() = default;

void Proxy::opened(const Flow& flow, Time now) {
  core_->endpoint.opened(flow, now);
  core_->pump(now);
}
void Proxy::receive(const Flow& flow, std::string_view bytes, Time now) {
  core_->endpoint.receive(flow, bytes, now);
  core_->pump(now);
}
void Proxy::take_over(const Flow& flow, sip::Message response, Time now) {
  core_->endpoint.take_over(flow, std::move(response), now);
  core_->pump(now);
}
void Proxy::closed(const Flow& flow, std::error_code why, Time now) {
  core_->endpoint.closed(flow, why, now);
  core_->pump(now);
}
void Proxy::moved(const Flow& from, const Flow& to, std::string_view bytes) {
  core_->endpoint.moved(from, to, bytes);
}
void Proxy::tick(Time now) { core_->tick(now); }
Time Proxy::next_deadline() const { return core_->next_deadline(); }
std::optional<ProxyOutput> Proxy::poll() {
  if (core_->outputs.empty()) return std::nullopt;
  ProxyOutput output = std::move(core_->outputs.front());
  core_->outputs.pop_front();
  return output;
}
void Proxy::authenticated(const Flow& flow) { core_->endpoint.authenticated(flow); }
void Proxy::close(const Flow& flow, Time now) {
  core_->endpoint.close(flow);
  core_->pump(now);
}
void Proxy::ping(const Flow& flow, Time now) {
  core_->endpoint.ping(flow);
  core_->pump(now);
}
Result<void> Proxy::forward(TransactionId transaction, std::vector<Target> targets, Time now) {
  return core_->forward(transaction, std::move(targets), now);
}
Result<void> Proxy::forward_statelessly(TransactionId transaction, const Target& target, Time now) {
  return core_->forward_statelessly(transaction, target, now);
}
void Proxy::forward_statelessly(ProxyAck ack, const Target& target, Time now) {
  core_->forward_statelessly(std::move(ack), target);
  core_->pump(now);
}
Result<void> Proxy::respond(TransactionId transaction, sip::Message response, Time now) {
  return core_->respond(transaction, std::move(response), now);
}
ProxyCounts Proxy::counts() const {
  Counts counts = core_->endpoint.counts();
  counts.outputs += core_->outputs.size();
  return {.endpoint = counts, .contexts = core_->contexts()};
}

// ---- Core ---------------------------------------------------------------------------------------

bool ResponseContext::pending() const {
  return std::ranges::any_of(branches, &ProxyBranch::pending);
}

ProxyBranch* ResponseContext::branch(TransactionId id) {
  const auto found = std::ranges::find(branches, id, &ProxyBranch::id);
  return found == branches.end() ? nullptr : &*found;
}

Time ResponseContext::deadline() const {
  Time first = never;
  for (const ProxyBranch& each : branches)
    if (each.pending) first = std::min(first, each.until);
  return first;
}

Proxy::Core::Core(ProxyConfig given, Random& random)
    : random_(random),
      secret_(make_secret(random)),
      config(std::move(given)),
      endpoint(of_endpoint(config), random) {}

void Proxy::Core::pump(Time now) {
  while (std::optional<Output> output = endpoint.poll()) {
    std::visit(Overloaded{[this](Send&& send) { outputs.emplace_back(std::move(send)); },
                          [this](Close&& close) { outputs.emplace_back(std::move(close)); },
                          [this, now](Notice&& notice) {
                            std::visit([this, now](auto&& each) { on(std::move(each), now); },
                                       std::move(notice));
                          }},
               *std::move(output));
  }
}

void Proxy::Core::tick(Time now) {
  endpoint.tick(now);
  pump(now);
  std::size_t left = timers_per_tick_max;
  while (left-- > 0) {
    const std::optional<std::uint32_t> index = wheel_.expired(now);
    if (!index) break;
    fire(*index, now);
    pump(now);
  }
}

Time Proxy::Core::next_deadline() const {
  return std::min(endpoint.next_deadline(), wheel_.next());
}

Proxy::Core::Index Proxy::Core::add(ResponseContext context) {
  if (free_.empty()) {
    free_.push_back(static_cast<Index>(contexts_.size()));
    contexts_.emplace_back();
  }
  const Index index = free_.back();
  free_.pop_back();
  by_server_.emplace(context.server, index);
  contexts_[index] = std::move(context);
  return index;
}

void Proxy::Core::settle(Index index) {
  ResponseContext& context = *contexts_[index];
  if (context.server_there || context.clients_there > 0)
    return wheel_.set(index, context.deadline());
  notify(std::move(context.ended));
  wheel_.stop(index);
  by_server_.erase(context.server);
  contexts_[index].reset();
  free_.push_back(index);
}

}  // namespace kith::ua
