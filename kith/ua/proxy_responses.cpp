// How a proxy takes and forwards responses.

#include <algorithm>
#include <array>
#include <utility>

#include "kith/base/ensure.h"
#include "kith/sip/header/to.h"
#include "kith/sip/header/via.h"
#include "kith/ua/message_parts.h"
#include "kith/ua/proxy_core.h"
#include "kith/ua/proxy_routing.h"

namespace kith::ua {
namespace {

constexpr std::array<std::string_view, 2> challenge_names{"WWW-Authenticate", "Proxy-Authenticate"};

/// RFC 3261 §16.7 step 6: which of two final responses is better, the lower. What may help the
/// sender to ask again comes first in its class, and what says least last.
int rank_of(int status) {
  if (status >= 600) return 0;
  const int rank = status / 100 * 10;
  if (status == 401 || status == 407 || status == 415 || status == 420 || status == 484)
    return rank;
  return status == 408 || status == 503 ? rank + 2 : rank + 1;
}

/// What a request without a response counts as.
int status_for(const Ended& ended) {
  if (ended.why == Ending::timed_out) return 408;  // RFC 3261 §16.8
  // With what is added here it is more than is read: RFC 3261 §21.5.7.
  if (ended.why == Ending::refused && ended.error) return 513;
  return 503;  // RFC 3261 §16.9
}

}  // namespace

void ProxyCore::on(ResponseReceived&& received, Time now) {
  const auto entry = by_client_.find(received.transaction);
  if (entry == by_client_.end()) return;  // of a CANCEL
  const Index index = entry->second;
  ResponseContext& context = *contexts_[index];
  ProxyBranch& branch = *context.branch(received.transaction);
  sip::Message& response = received.response;
  response.remove_first<sip::Via>();
  const int status = response.status();
  if (status < 200)
    provisional(context, branch, response, now);
  else if (status < 300)
    success(context, branch, response, now);
  else
    failure(context, branch, std::move(response), now);
  proceed(index, now);
}

void ProxyCore::provisional(ResponseContext& context, ProxyBranch& branch,
                            const sip::Message& response, Time now) {
  branch.provisional = true;
  if (branch.unwanted) cancel(branch, now);
  if (response.status() == 100) return;
  // RFC 3261 §16.7 step 2
  if (context.is_invite() && !branch.unwanted) branch.until = now + rings_for();
  if (!context.answered && response.has<sip::Via>())
    endpoint.respond(context.server, response, now);
}

void ProxyCore::success(ResponseContext& context, ProxyBranch& branch, const sip::Message& response,
                        Time now) {
  branch.pending = false;
  if (context.answered && !context.is_invite()) return;
  if (context.server_there && response.has<sip::Via>())
    endpoint.respond(context.server, response, now);
  if (context.answered) return;
  context.answered = true;
  context.ended.status = response.status();
  context.waiting.clear();
  cancel_all(context, now);
}

void ProxyCore::failure(ResponseContext& context, ProxyBranch& branch, sip::Message response,
                        Time now) {
  branch.pending = false;
  if (context.answered) return;
  const bool global = response.status() >= 600;
  if (response.has<sip::Via>()) keep(context, std::move(response));
  if (!global) return;
  context.waiting.clear();
  cancel_all(context, now);
}

void ProxyCore::keep(ResponseContext& context, sip::Message response) {
  const int status = response.status();
  if (status == 401 || status == 407)
    for (const std::string_view name : challenge_names)
      for (const std::string_view value : response.texts(name))
        context.challenges.emplace_back(name, value);
  if (!context.best || rank_of(status) < rank_of(context.best->status()))
    context.best = std::move(response);
}

void ProxyCore::cancel(ProxyBranch& branch, Time now) {
  branch.unwanted = true;
  // RFC 3261 §9.1: not before a provisional response. Without one timer B will end it.
  if (!branch.provisional) branch.until = never;
  if (!branch.provisional || branch.cancelled) return;
  branch.cancelled = true;
  branch.until = now + patience();
  endpoint.cancel(branch.id, now);
}

void ProxyCore::cancel_all(ResponseContext& context, Time now) {
  if (!context.is_invite()) return;
  for (ProxyBranch& each : context.branches)
    if (each.pending) cancel(each, now);
}

void ProxyCore::proceed(Index index, Time now) {
  ResponseContext& context = *contexts_[index];
  if (!context.answered && !context.pending()) {
    if (!context.waiting.empty())
      start(index, now);
    else if (context.forwarded || context.cancelled)
      answer_best(context, now);
  }
  settle(index);
}

void ProxyCore::answer_best(ResponseContext& context, Time now) {
  sip::Message response =
      context.best ? *std::exchange(context.best, {}) : response_to(context.request, 487);
  const int status = response.status();
  if (status == 408 && !context.is_invite()) {
    // RFC 4320 §4.2: it would come too late, and its sender knows by itself.
    endpoint.forget(context.server);
    context.ended.why = Ending::dropped;
    context.server_there = false;
    context.answered = true;
    return;
  }
  if (status == 503) {
    // RFC 3261 §16.7 step 6: that one target is overloaded does not mean that we are.
    response.set_status(500);
    response.remove("Retry-After");
  }
  if (status == 401 || status == 407) {
    for (const std::string_view name : challenge_names) response.remove(name);
    for (const auto& [name, value] : context.challenges) response.add(name, value);
  }
  answer(context, std::move(response), now);
}

void ProxyCore::answer(ResponseContext& context, sip::Message response, Time now) {
  context.answered = true;
  context.ended.status = response.status();
  endpoint.respond(context.server, response, now);
}

Result<void> ProxyCore::respond(TransactionId id, sip::Message response, Time now) {
  const auto entry = by_server_.find(id);
  if (entry == by_server_.end()) return refuse(Fault::missing, "transaction");
  ResponseContext& context = *contexts_[entry->second];
  if (context.answered) return refuse(Fault::missing, "transaction");
  add_to_tag(response);
  if (response.status() < 200) {
    endpoint.respond(id, response, now);
  } else {
    context.waiting.clear();
    cancel_all(context, now);
    answer(context, std::move(response), now);
  }
  settle(entry->second);
  pump(now);
  return {};
}

void ProxyCore::on(Ended&& ended, Time now) {
  if (const auto server = by_server_.find(ended.transaction); server != by_server_.end())
    return server_ended(server->second, ended, now);
  const auto client = by_client_.extract(ended.transaction);
  if (!client) return;
  const Index index = client.mapped();
  ResponseContext& context = *contexts_[index];
  --context.clients_there;
  ProxyBranch& branch = *context.branch(ended.transaction);
  if (branch.pending) {
    const int status = status_for(ended);
    failure(context, branch,
            response_to(context.request, status == 408 && context.cancelled ? 487 : status), now);
  }
  proceed(index, now);
}

void ProxyCore::server_ended(Index index, const Ended& ended, Time now) {
  ResponseContext& context = *contexts_[index];
  context.server_there = false;
  context.ended.why = ended.why;
  context.ended.error = ended.error;
  if (!context.answered) {
    context.answered = true;
    context.waiting.clear();
    cancel_all(context, now);
  }
  settle(index);
}

void ProxyCore::fire(Index index, Time now) {
  if (!contexts_[index]) return;
  ResponseContext& context = *contexts_[index];
  for (ProxyBranch& branch : context.branches) {
    if (!branch.pending || branch.until > now) continue;
    if (branch.cancelled)
      failure(context, branch, response_to(context.request, context.cancelled ? 487 : 408), now);
    else
      cancel(branch, now);  // timer C: RFC 3261 §16.8
  }
  proceed(index, now);
}

void ProxyCore::on(ResponseElsewhere&& elsewhere, Time) {
  if (elsewhere.shard != config.endpoint.shard) return notify(std::move(elsewhere));
  const std::optional<Flow> reply = stateless_reply(elsewhere.response, elsewhere.flow, secret_);
  if (!reply) return notify(Refused{elsewhere.flow, 0, {Fault::missing, "transaction"}});
  elsewhere.response.remove_first<sip::Via>();
  endpoint.send(*reply, std::move(elsewhere.response));
}

}  // namespace kith::ua
