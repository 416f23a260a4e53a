#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "kith/base/time.h"
#include "kith/host/network.h"
#include "kith/location/config.h"
#include "kith/location/target.h"
#include "kith/sip/message.h"
#include "kith/ua/endpoint.h"
#include "kith/ua/user_agent.h"

namespace kith::host {

/// What an event says about the server that a request of ours went to.
struct Outcome {
  ua::TransactionId transaction;
  std::optional<location::Failure> failure{};  // nothing: it responded
  std::optional<Duration> retry_after{};       // of unavailable
  enum class Then : std::uint8_t { waits, ends, nothing };
  Then then = Then::nothing;  // whether more comes: another response, just its end, or nothing
};

/// RFC 3263 §4.3: 503, no response in time, and what could not be sent are reasons to try another.
std::optional<Outcome> outcome_of(const ua::Response& event);
/// No failure unless it timed out or could not be sent; nothing more comes in any case.
std::optional<Outcome> outcome_of(const ua::TransactionEnded& event);
/// As of Response, but nothing more comes after a final one.
std::optional<Outcome> outcome_of(const ua::ResponseReceived& event);
/// As of TransactionEnded.
std::optional<Outcome> outcome_of(const ua::Ended& event);
/// All other events say nothing about it.
template <class Event>
std::optional<Outcome> outcome_of(const Event&) {
  return std::nullopt;
}

/// Where a request is to be looked for: its first Route or its Request-URI, and how large it is.
/// RFC 3261 §8.1.2, §12.2.1.1
location::Request wanted_of(const sip::Message& request);

/// Requests on their way from server to server until one of them responds. Each try is a
/// transaction of its own: RFC 3263 §4.3.
class Attempts {
 public:
  /// Called with each transaction, or with the reason why there was not even one.
  using Started = std::function<void(std::expected<ua::TransactionId, Unreachable>)>;
  using Send = std::function<ua::TransactionId(const Flow&, sip::Message)>;

  Attempts(Network& network, Send send) : network_(network), send_(std::move(send)) {}

  /// To where the first Route or the Request-URI says: RFC 3261 §8.1.2.
  void start(sip::Message request, Started started);
  /// What is to be done with the event that has this outcome.
  enum class Fate : std::uint8_t {
    show,
    hold,  // hold() it: whether there is another server is not known yet
    drop,  // it is of a server that was given up for another
  };
  Fate fate(const Outcome& outcome);
  /// `deliver` is called when there is no other server.
  void hold(ua::TransactionId transaction, std::function<void()> deliver);

  std::size_t size() const { return attempts_.size(); }

 private:
  struct Attempt {
    sip::Message request;
    Started started;
    Network::WayId way;
    std::optional<ua::TransactionId> transaction{};  // the last
    bool responded = false;
  };
  struct Try {
    std::uint64_t attempt = 0;
    bool failed = false;
    bool ended = false;  // nothing more comes of it
    std::vector<std::function<void()>> held{};
  };

  void reached(std::uint64_t number, const std::expected<Flow, Unreachable>& to);
  void give_up(std::uint64_t number, const Unreachable& why);

  Network& network_;
  Send send_;
  std::unordered_map<std::uint64_t, Attempt> attempts_;
  std::unordered_map<ua::TransactionId, Try> tries_;
  std::uint64_t last_ = 0;
};

}  // namespace kith::host
