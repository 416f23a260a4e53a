// How a proxy takes and forwards requests.

#include <algorithm>
#include <ranges>
#include <utility>

#include "kith/base/text.h"
#include "kith/sip/header/max_forwards.h"
#include "kith/sip/header/proxy_require.h"
#include "kith/sip/header/to.h"
#include "kith/sip/header/via.h"
#include "kith/sip/method.h"
#include "kith/ua/message_parts.h"
#include "kith/ua/proxy_core.h"
#include "kith/ua/proxy_routing.h"

namespace kith::ua {
namespace {

/// What makes a dialog, and what says anew where its sides are: RFC 3261 §16.6 step 4 advises the
/// latter for peers that lost their routes. A NOTIFY may make the dialog: RFC 6665 §4.4.1.
bool records_route(std::string_view method) {
  using namespace sip::method;
  return method == invite || method == subscribe || method == refer || method == update ||
         method == notify;
}

/// The options of Proxy-Require that are not supported.
std::string unsupported_in(const sip::Message& request, const std::vector<std::string>& supported) {
  std::string tags;
  (void)request.each<sip::ProxyRequire>([&](const sip::ProxyRequireView& each) {
    const bool known = std::ranges::any_of(
        supported, [&](const std::string& tag) { return equal_ignoring_case(tag, each.tag); });
    if (!known) tags.append(tags.empty() ? "" : ", ").append(each.tag);
  });
  return tags;
}

}  // namespace

sip::Message ProxyCore::response_to(const sip::Message& request, int status) {
  sip::Message response = sip::Message::response(request, status);
  add_to_tag(response);
  return response;
}

// RFC 3261 §16.3, but for Max-Forwards, which the endpoint looks at.
bool ProxyCore::refused(const RequestReceived& received, std::string_view mark, Time now) {
  const sip::Message& request = received.request;
  if (contexts() > config.limits.contexts_max) {
    endpoint.respond(received.transaction, response_to(request, 503), now);
    return true;
  }
  if (request.method() == sip::method::cancel) return false;  // it goes the way of its INVITE
  if (config.answers.looped && has_looped(request, mark)) {
    endpoint.respond(received.transaction, response_to(request, 482), now);
    return true;
  }
  if (!config.answers.proxy_require) return false;
  const std::string tags = unsupported_in(request, config.supported);
  if (tags.empty()) return false;
  sip::Message response = response_to(request, 420);
  response.add("Unsupported", tags);
  endpoint.respond(received.transaction, response, now);
  return true;
}

void ProxyCore::on(RequestReceived&& received, Time now) {
  sip::Message& request = received.request;
  std::optional<sip::Uri> own = preprocess_route(request, config.names, received.flow);
  std::string mark = loop_mark(request, secret_);
  const Index index = add({.server = received.transaction,
                           .flow = received.flow,
                           .request = request,
                           .mark = std::move(mark),
                           .ended = {.transaction = received.transaction}});
  ResponseContext& context = *contexts_[index];
  if (refused(received, context.mark, now)) {
    // Nobody above was told of it: only that nothing of it is left has to be seen to.
    context.answered = true;
    by_server_.erase(received.transaction);
    contexts_[index].reset();
    free_.push_back(index);
    return;
  }
  std::string next_hop = next_hop_of(request);
  notify(ProxyRequest{received.transaction, received.flow, std::move(request), std::move(own),
                      std::move(next_hop)});
}

void ProxyCore::on(AckReceived&& received, Time) {
  std::optional<sip::Uri> own = preprocess_route(received.ack, config.names, received.flow);
  if (has_looped(received.ack, loop_mark(received.ack, secret_))) return;
  std::string next_hop = next_hop_of(received.ack);
  notify(ProxyAck{received.flow, std::move(received.ack), std::move(own), std::move(next_hop)});
}

// RFC 3261 §16.10
void ProxyCore::on(CancelReceived&& received, Time now) {
  const auto entry = by_server_.find(received.invite);
  if (entry == by_server_.end()) return;
  const Index index = entry->second;
  ResponseContext& context = *contexts_[index];
  if (context.answered) return;
  context.cancelled = true;
  context.waiting.clear();
  cancel_all(context, now);
  notify(Cancelled{received.invite, {}});
  proceed(index, now);
}

// RFC 3261 §16.6 steps 3 to 5; false where Max-Forwards is used up.
bool ProxyCore::prepare(sip::Message& request) {
  auto hops = request.get<sip::MaxForwards>();
  if (hops && *hops) {
    if (!(*hops)->decrement()) return false;
    request.set(**hops);
  }
  if (!config.record_route.empty() && records_route(request.method()))
    request.prepend("Record-Route", "<" + config.record_route + ">");
  if (!config.path.empty() && request.method() == sip::method::register_)
    request.prepend("Path", "<" + config.path + ">");
  return true;
}

Result<void> ProxyCore::forward(TransactionId id, std::vector<Target> targets, Time now) {
  const auto entry = by_server_.find(id);
  if (entry == by_server_.end()) return refuse(Fault::missing, "transaction");
  const Index index = entry->second;
  ResponseContext& context = *contexts_[index];
  if (context.forwarded || context.answered) return refuse(Fault::missing, "transaction");
  if (context.request.method() == sip::method::cancel) return refuse(Fault::unsupported, "method");
  if (targets.empty()) return refuse(Fault::missing, "targets");
  if (targets.size() > config.limits.targets_max) return refuse(Fault::too_many, "targets");
  context.forwarded = true;
  if (!prepare(context.request)) {
    answer(context, response_to(context.request, 483), now);
  } else {
    for (Target& target : targets) context.waiting.emplace(target.q, std::move(target));
    proceed(index, now);
  }
  pump(now);
  return {};
}

/// Makes it the target's: RFC 3261 §16.6 steps 2 and 6.
void ProxyCore::aim(sip::Message& request, const Target& target) {
  if (!target.uri.empty()) request.set_request_uri(target.uri);
  for (const std::string& route : target.routes | std::views::reverse)
    request.prepend("Route", route);
  prepare_for_strict_router(request);
}

/// Sends to the best of the targets that wait.
void ProxyCore::start(Index index, Time now) {
  ResponseContext& context = *contexts_[index];
  const sip::QValue best = context.waiting.begin()->first;
  while (!context.waiting.empty() && context.waiting.begin()->first == best) {
    const Target target = std::move(context.waiting.begin()->second);
    context.waiting.erase(context.waiting.begin());
    sip::Message request = context.request;
    aim(request, target);
    ProxyBranch branch{.id = endpoint.request(target.flow, std::move(request), now, context.mark)};
    if (context.is_invite()) branch.until = now + rings_for();
    by_client_.emplace(branch.id, index);
    ++context.clients_there;
    context.branches.push_back(branch);
  }
}

void ProxyCore::send_statelessly(sip::Message request, const Flow& came_by, const Target& target) {
  const auto via = request.view<sip::Via>();
  if (!via || !*via) return;
  const std::string mark = stateless_mark(**via, came_by.id, secret_);
  aim(request, target);
  endpoint.send(target.flow, std::move(request), mark);
}

Result<void> ProxyCore::forward_statelessly(TransactionId id, const Target& target, Time now) {
  const auto entry = by_server_.find(id);
  if (entry == by_server_.end()) return refuse(Fault::missing, "transaction");
  const Index index = entry->second;
  ResponseContext& context = *contexts_[index];
  if (context.forwarded || context.answered) return refuse(Fault::missing, "transaction");
  if (prepare(context.request)) {
    endpoint.forget(id);
    context.ended.why = Ending::dropped;
    context.server_there = false;
    send_statelessly(std::move(context.request), context.flow, target);
    settle(index);
  } else {
    answer(context, response_to(context.request, 483), now);
  }
  pump(now);
  return {};
}

void ProxyCore::forward_statelessly(ProxyAck ack, const Target& target) {
  if (prepare(ack.message)) send_statelessly(std::move(ack.message), ack.flow, target);
}

}  // namespace kith::ua
