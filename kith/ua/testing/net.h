#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include "kith/base/overloaded.h"
#include "kith/sip/header/route.h"
#include "kith/ua/proxy.h"
#include "kith/ua/testing/heard.h"
#include "kith/ua/user_agent.h"

namespace kith::ua::testing {

/// What happens to datagrams, in percent of them.
struct Weather {
  unsigned lost = 0;
  unsigned duplicated = 0;
  unsigned late = 0;  // so that others overtake it
  Duration delay{};
  Duration late_by_max = 300ms;
};

class Net;

/// Somebody on a Net, at 127.0.0.1 and a port of its own.
class Node {
 public:
  Node(Net& net, std::uint16_t port);
  virtual ~Node() = default;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  virtual void receive(const Flow& flow, std::string_view bytes) = 0;
  /// A connection broke, or the other side closed it.
  virtual void closed(const Flow&, std::error_code) {}
  virtual void tick() = 0;
  virtual Time next_deadline() const = 0;
  virtual void drain() = 0;

  std::uint16_t port() const { return port_; }
  Flow to(std::uint16_t other) const {
    return {.id = port_,
            .transport = Transport::udp,
            .local = *Address::parse_host("127.0.0.1", port_),
            .remote = *Address::parse_host("127.0.0.1", other)};
  }
  std::string uri(std::string_view user) const {
    return "sip:" + std::string{user} + "@127.0.0.1:" + std::to_string(port_);
  }

  bool gone = false;  // nothing reaches it, and nothing leaves it
  /// Whether this is lost that it sends.
  std::function<bool(std::string_view)> loses = [](std::string_view) { return false; };
  std::vector<std::string> sent{};
  std::size_t sent_of(std::string_view start_of_line) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        sent, [&](const std::string& each) { return each.starts_with(start_of_line); }));
  }

 protected:
  void leaves(Send& send);
  void closes(const Close& close);
  Net& net_;

 private:
  std::uint16_t port_;
};

/// UDP between any number of nodes, in virtual time. Whatever is sent arrives at once, unless the
/// weather is bad. What is derived from it may have connections.
class Net {
 public:
  explicit Net(std::uint64_t seed = 1, const Weather& weather = {})
      : weather_(weather), random_(seed) {}
  virtual ~Net() = default;
  Net(const Net&) = delete;
  Net& operator=(const Net&) = delete;

  Time now = start;
  /// Sees what is under way, as (from, to, bytes); may make it lost by returning true.
  std::function<bool(std::uint16_t, std::uint16_t, std::string_view)> loses{};
  void set_weather(const Weather& weather) { weather_ = weather; }

  void add(Node& node) { nodes_.push_back(&node); }
  void carry(const Flow& flow, std::string bytes) {
    if (loses && loses(flow.local.port, flow.remote.port, bytes)) return;
    const auto chance = [&](unsigned percent) { return random_.below(100) < percent; };
    if (chance(weather_.lost)) return;
    for (int copies = chance(weather_.duplicated) ? 2 : 1; copies > 0; --copies) {
      Time arrives = now + weather_.delay;
      if (chance(weather_.late))
        arrives +=
            Duration(random_.below(static_cast<std::uint64_t>(weather_.late_by_max.count())));
      under_way_.emplace(arrives, Packet{flow.local.port, flow.remote.port, bytes});
    }
  }

  /// Until nothing arrives any more at this time.
  void settle() {
    while (true) {
      for (Node* const node : nodes_) node->drain();
      if (under_way_.empty() || under_way_.begin()->first > now) return;
      const Packet packet = std::move(under_way_.extract(under_way_.begin()).mapped());
      Node* const node = at(packet.to);
      if (node != nullptr && !node->gone) node->receive(way(*node, packet.from), packet.bytes);
    }
  }
  /// Lets so much time go by.
  void wait(Duration duration) {
    const Time until = now + duration;
    settle();
    while (true) {
      Time next = under_way_.empty() ? never : under_way_.begin()->first;
      for (const Node* const node : nodes_) next = std::min(next, node->next_deadline());
      if (next > until) break;
      now = std::max(now, next);
      for (Node* const node : nodes_)
        if (node->next_deadline() <= now) node->tick();
      settle();
    }
    now = until;
  }
  /// A node closes the way to this port.
  virtual void close(Node&, std::uint16_t) {}

 protected:
  /// By which a node hears from this port.
  virtual Flow way(Node& node, std::uint16_t other) { return node.to(other); }
  /// Null: nobody is at that port.
  Node* at(std::uint16_t port) const {
    const auto found = std::ranges::find(nodes_, port, &Node::port);
    return found == nodes_.end() ? nullptr : *found;
  }

 private:
  struct Packet {
    std::uint16_t from = 0;
    std::uint16_t to = 0;
    std::string bytes;
  };

  std::vector<Node*> nodes_;
  std::multimap<Time, Packet> under_way_;
  Weather weather_;
  SeededRandom random_;
};

inline Node::Node(Net& net, std::uint16_t port) : net_(net), port_(port) { net.add(*this); }

inline void Node::leaves(Send& send) {
  if (gone) return;
  sent.push_back(send.bytes);
  if (!loses(send.bytes)) net_.carry(send.flow, std::move(send.bytes));
}

inline void Node::closes(const Close& close) { net_.close(*this, close.flow.remote.port); }

/// A user agent that remembers what came out of it.
class AgentNode : public Node, public Heard<Event> {
 public:
  AgentNode(Net& net, std::uint16_t port, const UserAgentConfig& config = {})
      : Node(net, port), random_(port), agent(config, random_) {}

  void receive(const Flow& flow, std::string_view bytes) override {
    agent.receive(flow, bytes, net_.now);
  }
  void closed(const Flow& flow, std::error_code why) override { agent.closed(flow, why, net_.now); }
  void tick() override { agent.tick(net_.now); }
  Time next_deadline() const override { return agent.next_deadline(); }
  void drain() override {
    while (std::optional<AgentOutput> output = agent.poll()) {
      if (auto* send = std::get_if<Send>(&*output)) {
        leaves(*send);
      } else if (const auto* close = std::get_if<Close>(&*output)) {
        closes(*close);
      } else if (auto* event = std::get_if<Event>(&*output)) {
        events.push_back(*event);
        if (on_event) on_event(*event);
      }
    }
  }

 private:
  SeededRandom random_;

 public:
  UserAgent agent;
  std::function<void(const Event&)> on_event{};
};

/// A proxy that knows where some users are, and sends everything else where its URI says.
class ProxyNode final : public Node, public Heard<ProxyEvent> {
 public:
  enum class Routes : std::uint8_t { recorded, unrecorded };  // RFC 3261 §16.6 step 4

  ProxyNode(Net& net, std::uint16_t port, ProxyConfig config = {}, Routes kind = Routes::recorded)
      : Node(net, port), random_(port), proxy(with_route(std::move(config), port, kind), random_) {}

  struct Place {
    std::uint16_t port = 0;
    std::string uri{};
    sip::QValue q{};
    std::vector<std::string> routes{};  // the first is at the port
  };

  void receive(const Flow& flow, std::string_view bytes) override {
    proxy.receive(flow, bytes, net_.now);
  }
  void tick() override { proxy.tick(net_.now); }
  Time next_deadline() const override { return proxy.next_deadline(); }
  void drain() override {
    while (std::optional<ProxyOutput> output = proxy.poll()) {
      if (auto* send = std::get_if<Send>(&*output)) {
        leaves(*send);
      } else if (auto* event = std::get_if<ProxyEvent>(&*output)) {
        events.push_back(*event);
        if (routes) route(*event);
      }
    }
  }

  /// Where a request goes; nothing: nobody knows.
  std::vector<Target> targets(const sip::Message& request, std::string_view next_hop) const {
    const auto uri = sip::UriView::parse(request.request_uri());
    std::vector<Target> found;
    if (uri && uri->port == port() && !request.has<sip::Route>()) {
      if (const auto user = places.find(std::string{uri->user}); user != places.end())
        for (const Place& place : user->second)
          found.push_back(
              {.flow = to(place.port), .uri = place.uri, .q = place.q, .routes = place.routes});
    } else if (const auto hop = sip::UriView::parse(next_hop); hop && hop->port) {
      found.push_back({.flow = to(*hop->port)});
    }
    return found;
  }

 private:
  static ProxyConfig with_route(ProxyConfig config, std::uint16_t port, Routes kind) {
    if (config.record_route.empty() && kind == Routes::recorded)
      config.record_route = "sip:127.0.0.1:" + std::to_string(port) + ";lr";
    return config;
  }
  void route(const ProxyEvent& event) {
    if (const auto* request = std::get_if<ProxyRequest>(&event)) {
      if (instead && instead(*request)) return;
      std::vector<Target> found = targets(request->message, request->next_hop);
      if (found.empty())
        (void)proxy.respond(request->transaction, sip::Message::response(request->message, 404),
                            net_.now);
      else if (stateless)
        (void)proxy.forward_statelessly(request->transaction, found.front(), net_.now);
      else
        (void)proxy.forward(request->transaction, std::move(found), net_.now);
    } else if (const auto* ack = std::get_if<ProxyAck>(&event)) {
      const std::vector<Target> found = targets(ack->message, ack->next_hop);
      if (!found.empty()) proxy.forward_statelessly(*ack, found.front(), net_.now);
    }
  }

  SeededRandom random_;

 public:
  Proxy proxy;
  std::map<std::string, std::vector<Place>> places{};
  bool routes = true;  // or the test does
  /// Whether a request was answered, and goes nowhere.
  std::function<bool(const ProxyRequest&)> instead{};
  bool stateless = false;
};

}  // namespace kith::ua::testing
