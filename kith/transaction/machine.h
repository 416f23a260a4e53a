#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <variant>

#include "kith/base/time.h"
#include "kith/transaction/rule.h"
#include "kith/transaction/timers.h"

namespace kith::transaction {

/// Which machine it is: of a client or a server, of an INVITE or of another request: RFC 3261 §17
enum class Kind : std::uint8_t { client_invite, client_other, server_invite, server_other };

/// Whether the transport brings everything by itself: then nothing is sent twice, and nothing
/// waits for what might come twice. RFC 3261 §17
enum class Reliability : std::uint8_t { reliable, unreliable };

/// The request goes out, perhaps again.
struct SendRequest {
  bool operator==(const SendRequest&) const = default;
};
/// The ACK of a final response other than 2xx goes out: RFC 3261 §17.1.1.3
struct SendAck {
  bool operator==(const SendAck&) const = default;
};
/// The last response goes out, perhaps again.
struct SendResponse {
  bool operator==(const SendResponse&) const = default;
};
/// The message that came is for the layer above.
struct PassUp {
  bool operator==(const PassUp&) const = default;
};
/// `event` is to be handed in after so long. Of the timers that send again (A, E, G and the 100)
/// one runs at a time, and of the others one: a new one takes the place of the former.
struct StartTimer {
  Event event = Event::timer_a;
  Duration after{};
  bool operator==(const StartTimer&) const = default;
};
/// `event` is not to be handed in any more.
struct StopTimer {
  Event event = Event::timer_a;
  bool operator==(const StopTimer&) const = default;
};
/// The layer above is told how the transaction ended.
struct Report {
  Ending how = Ending::timed_out;
  bool operator==(const Report&) const = default;
};

using Effect =
    std::variant<SendRequest, SendAck, SendResponse, PassUp, StartTimer, StopTimer, Report>;

/// The few effects of one event, in order.
class Effects {
 public:
  void add(const Effect& effect) { list_.at(size_++) = effect; }
  const Effect* begin() const { return list_.data(); }
  const Effect* end() const { return list_.data() + size_; }
  std::size_t size() const { return size_; }

 private:
  std::array<Effect, 4> list_{};
  std::size_t size_ = 0;
};

/// Whether a timer is one of those that send again.
bool is_repeating(Event timer);

/// One transaction's state and the shell around its table: turns rules into effects and touches
/// nothing else.
class Machine {
 public:
  Machine(Kind kind, Reliability reliability);

  /// What the first request, sent or received, sets going.
  Effects start(const Timers& timers);
  /// A timer that would be zero long is taken as having fired.
  Effects on(Event event, const Timers& timers);

  /// A timer that is running begins anew, by other timers than before: how long it is now.
  Duration restart(Event timer, const Timers& timers);

  /// Whether there is a rule for this event now; without one it is ignored.
  bool heeds(Event event) const;

  State state() const { return state_; }
  Kind kind() const { return kind_; }
  Reliability reliability() const { return reliability_; }
  bool ended() const { return state_ == State::terminated; }

 private:
  void perform(Action action, const Timers& timers, Effects& effects);
  void start_timer(Event event, Duration after, Effects& effects);

  Duration pause_{};  // until what is sent now is sent again
  Kind kind_;
  State state_;
  Reliability reliability_;
};

/// The table of a machine.
std::span<const Rule> rules_of(Kind kind);

/// Whether it is a machine of RFC 3261 §17.1, and not of §17.2.
constexpr bool is_client(Kind kind) {
  return kind == Kind::client_invite || kind == Kind::client_other;
}

/// Which event a response from the peer, or one to it, is.
Event received_event(int status);
/// Of a status to 199 answer_provisional, to 299 answer_success, above answer_failure.
Event answered_event(int status);

}  // namespace kith::transaction
