#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>
#include <vector>

#include "kith/base/flow.h"
#include "kith/base/time.h"
#include "kith/base/timer_wheel.h"
#include "kith/sip/framer.h"
#include "kith/ua/endpoint.h"

namespace kith::ua {

/// The streams of an endpoint: what they were cut into, and how long they may go on.
class Connections {
 public:
  explicit Connections(const Config& config) : config_(config) {}

  /// False where it is there already.
  bool open(const Flow& flow, Time now);
  bool has(const Flow& flow) const { return index_.contains(flow.id); }
  bool erase(const Flow& flow);
  void authenticated(const Flow& flow);
  /// A keep-alive of ours leaves on a connection that is there.
  void expect_pong(const Flow& flow) { connections_[index_.at(flow.id)].framer.expect_pong(); }
  /// No timer closes a connection any more, those to come included.
  void let_stay() { may_stay_ = true; }

  /// Hands a chunk to the framer of a connection that is there, and calls `frame` with what comes
  /// out of it: a Result<sip::Frame>, an error as the last.
  template <class Function>
  void receive(const Flow& flow, std::string_view bytes, Time now, Function frame) {
    Connection& connection = connections_[index_.at(flow.id)];
    const bool was_in_message = connection.framer.in_message();
    bool cut = false;
    connection.framer.push(bytes);
    for (auto next = connection.framer.next(); next; next = connection.framer.next()) {
      cut = true;
      const bool lost = !next->has_value();
      frame(std::move(*next));
      if (lost) return;
    }
    heard(flow, now, cut || !was_in_message);
  }

  struct Expired {
    Flow flow;
    Closing why = Closing::idle;
  };
  /// Lets one timer fire that has come; nothing when there is none. A connection that has to go is
  /// named in `expired`; it is still there.
  bool fire(Time now, std::optional<Expired>& expired);
  Time next_deadline() const { return wheel_.next(); }
  std::size_t size() const { return index_.size(); }

 private:
  struct Connection {
    Flow flow;
    sip::Framer framer;
    Time authenticated_by = never;
    Time message_by = never;
    Time idle_at = never;
    Time armed = never;
  };

  void heard(const Flow& flow, Time now, bool message_begins);
  static Time deadline(const Connection& connection);
  void arm(std::uint32_t index);

  const Config& config_;
  std::deque<Connection> connections_;
  std::vector<std::uint32_t> free_;
  std::unordered_map<std::uint64_t, std::uint32_t> index_;  // by the flow's id, which we chose
  TimerWheel wheel_;
  bool may_stay_ = false;
};

}  // namespace kith::ua
