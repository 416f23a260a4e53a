#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <utility>
#include <vector>

#include "kith/base/flow.h"
#include "kith/base/random.h"
#include "kith/base/time.h"
#include "kith/ua/endpoint.h"

namespace kith::sim {

/// How a link treats what is sent over it. Chances are in percent. Streams lose, double and
/// reorder nothing: their bytes only come later and in other pieces.
struct Link {
  unsigned loss = 0;
  unsigned duplication = 0;
  Duration delay = 1ms;
  Duration jitter{};  // added to the delay, from nothing to this: datagrams overtake one another
  std::size_t piece_max = 0;  // a stream's bytes arrive in pieces of 1 to so many; 0: as sent
};

/// Whatever takes part in a world: an Endpoint alone, or a server or client around one.
class Node {
 public:
  virtual ~Node() = default;
  virtual void opened(const Flow& flow, Time now) = 0;
  virtual void receive(const Flow& flow, std::string_view bytes, Time now) = 0;
  virtual void closed(const Flow& flow, std::error_code why, Time now) = 0;
  virtual void tick(Time now) = 0;
  virtual Time next_deadline() const = 0;
  virtual std::optional<ua::Output> poll() = 0;
  /// What came out of poll() and is not for the wire.
  virtual void hear(ua::Notice notice, Time now) = 0;
};

/// An endpoint and a function that hears its notices, as a Node.
class EndpointNode final : public Node {
 public:
  using Ear = std::function<void(ua::Notice, Time)>;

  EndpointNode(ua::Config config, Random& random, Ear ear = {})
      : endpoint(std::move(config), random), ear_(std::move(ear)) {}

  ua::Endpoint endpoint;

  void opened(const Flow& flow, Time now) override { endpoint.opened(flow, now); }
  void receive(const Flow& flow, std::string_view bytes, Time now) override {
    endpoint.receive(flow, bytes, now);
  }
  void closed(const Flow& flow, std::error_code why, Time now) override {
    endpoint.closed(flow, why, now);
  }
  void tick(Time now) override { endpoint.tick(now); }
  Time next_deadline() const override { return endpoint.next_deadline(); }
  std::optional<ua::Output> poll() override { return endpoint.poll(); }
  void hear(ua::Notice notice, Time now) override {
    if (ear_) ear_(std::move(notice), now);
  }

 private:
  Ear ear_;
};

/// Nodes, the links between them, and a clock that jumps from one event to the next. What happens
/// depends on the seed and on nothing else.
class World {
 public:
  static constexpr Time beginning = Time{} + 1'763'683'200s;  // 2025-11-21 00:00 UTC

  explicit World(std::uint64_t seed) : random_(seed) {}

  Time now() const { return now_; }
  SeededRandom& random() { return random_; }

  /// The node outlives the world, and is reached at this address over every transport.
  void add(Node& node, const Address& address);
  /// For all links, from now on.
  void set_link(const Link& link) { link_ = link; }
  /// For what goes from one address to the other, in this direction.
  void set_link(const Address& from, const Address& to, const Link& link);

  /// A connection; both ends hear opened() at once. The flow is that of `from`; nobody at `to`:
  /// nothing.
  std::optional<Flow> connect(const Address& from, const Address& to,
                              Transport transport = Transport::tcp);
  /// The way by which `from` sends datagrams to `to`.
  static Flow datagrams(const Address& from, const Address& to);
  /// The connection breaks: both ends hear closed(), and what was under way is lost.
  void cut(const Flow& flow);

  /// A step of the play.
  void at(Time when, std::function<void()> step);
  /// Everything that is due until then, and the clock at `end`.
  void run_until(Time end);
  void run_for(Duration time) { run_until(now_ + time); }
  /// Until nothing is under way and no timer runs; false if that is not so at the end.
  bool run_until_quiet(Time end);
  /// Takes out what the nodes have to say; needed only after a call from outside.
  void drain();

  /// Everything that was sent, in order, whether it arrived or not.
  struct Sent {
    Time at;
    Address from;
    Address to;
    std::string bytes;
    bool operator==(const Sent&) const = default;
  };
  const std::vector<Sent>& sent() const { return sent_; }

 private:
  struct Wire {  // one end of a connection
    std::uint64_t other = 0;
    Flow flow;
    Time last_arrival = beginning;
  };

  void carry(const Address& from, const ua::Send& send);
  void carry_datagram(const ua::Send& send, const Link& link);
  void carry_stream(const ua::Send& send, const Link& link);
  void deliver(const Flow& flow, const std::string& bytes);
  void hang_up(const Flow& flow);
  Duration delay(const Link& link);
  const Link& link(const Address& from, const Address& to) const;
  Time next_event() const;
  void step();

  SeededRandom random_;
  Time now_ = beginning;
  Link link_;
  std::map<std::pair<Address, Address>, Link> links_;
  std::map<Address, Node*> nodes_;
  std::map<std::uint64_t, Wire> wires_;
  std::map<std::pair<Time, std::uint64_t>, std::function<void()>> agenda_;
  std::vector<Sent> sent_;
  std::uint64_t next_id_ = 1;
  std::uint64_t next_step_ = 0;
};

}  // namespace kith::sim
