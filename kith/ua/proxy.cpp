#include "kith/ua/proxy.h"

#include <algorithm>
#include <utility>

#include "kith/ua/proxy_core.h"
#include "kith/ua/settings.h"

namespace kith::ua {
namespace {

/// Timer C is the proxy's own, for it must cancel what it gives up: RFC 3261 §16.8. That of its
/// transactions comes only after a cancelled one was given up as well.
Config of_endpoint(const ProxyConfig& config) {
  Config endpoint = config.endpoint;
  endpoint.reports_complete = true;
  endpoint.passes_strays = config.stateless;
  endpoint.timers.c += 2 * 64 * endpoint.timers.t1;
  // As long as one target is tried after the other, nobody has forgotten to answer.
  endpoint.timers.answer_invite +=
      static_cast<Duration::rep>(config.limits.targets_max) * endpoint.timers.c;
  return endpoint;
}

}  // namespace

// ---- Proxy --------------------------------------------------------------------------------------

template class Layer<ProxyCore, ProxyOutput>;

Proxy::Proxy(ProxyConfig config, Random& random)
    : Layer(std::make_unique<ProxyCore>(std::move(config), random)) {}

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
  return {.endpoint = core_->endpoint_counts(), .contexts = core_->contexts()};
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

ProxyCore::ProxyCore(ProxyConfig given, Random& random)
    : LayerCore(of_endpoint(checked(given)), random), config(std::move(given)) {}

void ProxyCore::tick(Time now) {
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

Time ProxyCore::next_deadline() const { return std::min(endpoint.next_deadline(), wheel_.next()); }

ProxyCore::Index ProxyCore::add(ResponseContext context) {
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

void ProxyCore::settle(Index index) {
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
