#include "kith/host/attempts.h"

#include <utility>

#include "kith/sip/header/retry_after.h"
#include "kith/ua/proxy_routing.h"

namespace kith::host {

namespace {

/// What our Via adds to a request before it is sent.
constexpr std::size_t via_size_bytes = 128;

Outcome outcome_of_response(ua::TransactionId transaction, const sip::Message& response,
                            Outcome::Then at_last) {
  Outcome outcome{.transaction = transaction,
                  .then = response.status() < 200 ? Outcome::Then::waits : at_last};
  if (response.status() != 503) return outcome;
  outcome.failure = location::Failure::unavailable;
  if (const auto after = response.view<sip::RetryAfter>(); after && *after)
    outcome.retry_after = std::chrono::seconds((*after)->seconds);
  return outcome;
}

Outcome outcome_of_end(ua::TransactionId transaction, ua::Ending why, std::error_code error) {
  Outcome outcome{.transaction = transaction};
  if (why == ua::Ending::timed_out) outcome.failure = location::Failure::timed_out;
  if (why == ua::Ending::transport_error)
    outcome.failure = error == std::errc::connection_refused ? location::Failure::refused
                                                             : location::Failure::transport;
  return outcome;
}

}  // namespace

std::optional<Outcome> outcome_of(const ua::Response& event) {
  return outcome_of_response(event.transaction, event.message, Outcome::Then::ends);
}

std::optional<Outcome> outcome_of(const ua::TransactionEnded& event) {
  return outcome_of_end(event.transaction, event.why, event.error);
}

std::optional<Outcome> outcome_of(const ua::ResponseReceived& event) {
  return outcome_of_response(event.transaction, event.response, Outcome::Then::nothing);
}

std::optional<Outcome> outcome_of(const ua::Ended& event) {
  return outcome_of_end(event.transaction, event.why, event.error);
}

location::Request wanted_of(const sip::Message& request) {
  const auto uri = sip::Uri::parse(ua::next_hop_of(request));
  return {.uri = uri ? *uri : sip::Uri{}, .size_bytes = request.write().size() + via_size_bytes};
}

void Attempts::start(sip::Message request, Started started) {
  const std::uint64_t number = ++last_;
  const auto then = [this, number](const std::expected<Flow, Unreachable>& to) {
    reached(number, to);
  };
  const Network::WayId way = network_.search(wanted_of(request), then);
  attempts_.emplace(number, Attempt{std::move(request), std::move(started), way});
}

void Attempts::reached(std::uint64_t number, const std::expected<Flow, Unreachable>& to) {
  if (!to) return give_up(number, to.error());
  Attempt& attempt = attempts_.at(number);
  if (attempt.transaction) {
    const auto before = tries_.find(*attempt.transaction);
    before->second.held.clear();
    if (before->second.ended) tries_.erase(before);
  }
  const ua::TransactionId id = send_(*to, attempt.request);
  attempt.transaction = id;
  attempt.responded = false;
  tries_.emplace(id, Try{.attempt = number});
  if (const Started started = attempt.started) started(id);
}

void Attempts::give_up(std::uint64_t number, const Unreachable& why) {
  const Attempt attempt = std::move(attempts_.extract(number).mapped());
  if (!attempt.transaction) {
    if (attempt.started) attempt.started(std::unexpected(why));
    return;
  }
  const Try last = std::move(tries_.extract(*attempt.transaction).mapped());
  for (const std::function<void()>& deliver : last.held) deliver();
}

Attempts::Fate Attempts::fate(const Outcome& outcome) {
  const auto found = tries_.find(outcome.transaction);
  if (found == tries_.end()) return Fate::show;
  Try& one = found->second;
  const auto attempt = attempts_.find(one.attempt);
  if (one.failed) {
    one.ended = outcome.then == Outcome::Then::nothing;
    if (attempt != attempts_.end() && attempt->second.transaction == outcome.transaction)
      return Fate::hold;
    if (one.ended) tries_.erase(found);
    return Fate::drop;
  }
  if (outcome.then == Outcome::Then::waits) {
    attempt->second.responded = true;
    return Fate::show;
  }
  // Timers B and F are a reason only where there was no response at all.
  const bool in_vain = outcome.failure == location::Failure::timed_out && attempt->second.responded;
  if (!outcome.failure || in_vain) {
    network_.found_right(attempt->second.way);
    attempts_.erase(attempt);
    tries_.erase(found);
    return Fate::show;
  }
  one.failed = true;
  one.ended = outcome.then == Outcome::Then::nothing;
  network_.found_wrong(attempt->second.way, *outcome.failure, outcome.retry_after);
  return Fate::hold;
}

void Attempts::hold(ua::TransactionId transaction, std::function<void()> deliver) {
  tries_.at(transaction).held.push_back(std::move(deliver));
}

}  // namespace kith::host
