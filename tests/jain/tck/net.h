#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kith/sip/headers.h"
#include "kith/sip/parsed.h"
#include "kith/ua/testing/net.h"

/// What the conformance tests of JAIN SIP run on: user agents on a network in memory.
namespace kith::ua::tck {

using transaction::State;

struct Node final : testing::AgentNode {
  Node(testing::Net& net, std::uint16_t number, const UserAgentConfig& config, std::string called)
      : AgentNode(net, number, config), name(std::move(called)) {}

  std::string name;
  std::size_t piece_size_max = std::string::npos;  // of what it reads at a time from a stream

  void receive(const Flow& flow, std::string_view bytes) override {
    if (!is_stream(flow.transport)) return AgentNode::receive(flow, bytes);
    for (; !bytes.empty(); bytes.remove_prefix(std::min(piece_size_max, bytes.size())))
      AgentNode::receive(flow, bytes.substr(0, piece_size_max));
  }
  std::string at() const { return "127.0.0.1:" + std::to_string(port()); }
  std::string contact() const { return "<sip:" + name + "@" + at() + ">"; }
  int last_status() const { return last<Response>().message.status(); }
  int response_count(int status) const {
    int count = 0;
    for (const Response& each : all<Response>()) count += each.message.status() == status ? 1 : 0;
    return count;
  }
  std::size_t request_count(std::string_view method) const {
    std::size_t count = 0;
    for (const Request& each : all<Request>()) count += each.message.method() == method ? 1U : 0U;
    return count;
  }
};

/// Of a connection from a node to itself the end that called, at a port of its own.
class OtherEnd final : public testing::Node {
 public:
  OtherEnd(testing::Net& net, testing::Node& node)
      : testing::Node(net, static_cast<std::uint16_t>(node.port() + ports_above)), node_(node) {}
  static constexpr std::uint16_t ports_above = 30'000;

  void receive(const Flow& flow, std::string_view bytes) override { node_.receive(flow, bytes); }
  void closed(const Flow& flow, std::error_code why) override { node_.closed(flow, why); }
  void tick() override {}
  Time next_deadline() const override { return never; }
  void drain() override {}

 private:
  testing::Node& node_;
};

/// With a connection between each two nodes that need one.
class Net final : public testing::Net {
 public:
  explicit Net(Transport transport = Transport::udp) : transport_(transport) {}

  /// Nobody authenticates here, so that no connection waits for that.
  Node& add(std::string name, UserAgentConfig config = {}) {
    config.endpoint.connection_timer.reset();
    const auto port = static_cast<std::uint16_t>(5010 + 10 * nodes_.size());
    nodes_.push_back(std::make_unique<Node>(*this, port, config, std::move(name)));
    return *nodes_.back();
  }
  /// The node that a URI or Route points to; null: none of them.
  Node* at_uri(std::string_view uri) {
    for (const auto& node : nodes_)
      if (uri.find(node->at()) != std::string_view::npos) return node.get();
    return nullptr;
  }
  /// The way between two nodes, with a connection where it needs one.
  Flow flow(Node& from, Node& to) {
    const testing::Node& caller = end_of(from, to);
    if (is_stream(transport_of(from, to)) && open_.insert(pair_of(caller, to)).second) {
      ++made_[pair_of(caller, to)];
      from.agent.opened(flow_of(caller, to), now);
      to.agent.opened(flow_of(to, caller), now);
    }
    return flow_of(caller, to);
  }
  /// Between these two datagrams go, whatever the others use.
  void use_datagrams(const Node& one, const Node& other) { datagrams_.insert(pair_of(one, other)); }
  /// The connection between them breaks.
  void cut(Node& one, Node& other) {
    const Flow others = flow_of(other, one);
    lose(one, other);
    other.closed(others, std::make_error_code(std::errc::connection_reset));
    settle();
  }
  /// It breaks, and so far only `one` has heard of that.
  void lose(Node& one, Node& other) {
    if (open_.erase(pair_of(one, other)) == 0) return;
    one.closed(flow_of(one, other), std::make_error_code(std::errc::connection_reset));
    settle();
  }
  /// What a node could not answer goes over a connection that it makes to where that belongs, as
  /// RFC 3261 §18.2.2 has it. How many answers these were.
  std::size_t send_stranded(Node& node) {
    const std::vector<ReplyStranded> replies = node.all<ReplyStranded>();
    std::erase_if(node.events,
                  [](const Event& each) { return std::holds_alternative<ReplyStranded>(each); });
    for (const ReplyStranded& each : replies) {
      Node* const to = at_uri(each.host + ":" + std::to_string(each.port));
      REQUIRE(to != nullptr);
      inject(node, *to, each.bytes);
    }
    return replies.size();
  }
  /// As if `from` had sent it.
  void inject(Node& from, Node& to, std::string_view bytes) {
    flow(from, to);
    to.receive(flow_of(to, from), bytes);
    settle();
  }
  /// After a day nothing is remembered of anything, but for connections.
  void nothing_is_left() {
    wait(24h);
    for (const auto& node : nodes_) {
      CAPTURE(node->name);
      AgentCounts counts = node->agent.counts();
      counts.endpoint.connections = 0;
      CHECK(counts == AgentCounts{});
    }
  }

  void close(testing::Node& node, std::uint16_t port) override {
    testing::Node& other = *at(port);
    if (open_.erase(pair_of(node, other)) == 0) return;
    other.closed(flow_of(other, node), {});
    other.drain();
  }

 private:
  using Pair = std::pair<std::uint16_t, std::uint16_t>;

  Flow way(testing::Node& node, std::uint16_t port) override {
    testing::Node& other = *at(port);
    if (is_other_end(node) || is_other_end(other)) return flow_of(node, other);
    return flow(static_cast<Node&>(node), static_cast<Node&>(other));
  }
  static bool is_other_end(const testing::Node& node) {
    return node.port() > OtherEnd::ports_above;
  }
  /// Where a connection from one to the other begins.
  const testing::Node& end_of(Node& from, const Node& to) {
    if (&from != &to || !is_stream(transport_)) return from;
    std::unique_ptr<OtherEnd>& end = other_ends_[&from];
    if (end == nullptr) end = std::make_unique<OtherEnd>(*this, from);
    return *end;
  }
  static Pair pair_of(const testing::Node& one, const testing::Node& other) {
    return std::minmax({one.port(), other.port()});
  }
  Transport transport_of(const testing::Node& from, const testing::Node& to) const {
    return datagrams_.contains(pair_of(from, to)) ? Transport::udp : transport_;
  }
  Flow flow_of(const testing::Node& from, const testing::Node& to) const {
    Flow flow = from.to(to.port());
    flow.transport = transport_of(from, to);
    if (!is_stream(flow.transport)) return flow;
    const auto made = made_.find(pair_of(from, to));
    const std::uint64_t before = made == made_.end() ? 0 : made->second;
    flow.id = (before * 100'000U + from.port()) * 100'000U + to.port();
    return flow;
  }

  Transport transport_;
  std::deque<std::unique_ptr<Node>> nodes_;
  std::set<Pair> datagrams_;
  std::map<const Node*, std::unique_ptr<OtherEnd>> other_ends_;
  std::set<Pair> open_;                 // streams
  std::map<Pair, std::uint64_t> made_;  // how many there were
};

/// A stateful proxy (RFC 3261 §16) without dialogs. What is asked of the domain b.example goes to
/// every target, anything else to the node that it names.
class Proxy {
 public:
  Proxy(Net& net, bool record_routes)
      : net_(net), node(net.add("proxy", config())), record_routes_(record_routes) {
    node.on_event = [this](const Event& event) { on(event); };
  }
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

 private:
  Net& net_;

 public:
  Node& node;
  std::vector<Node*> targets{};

 private:
  static UserAgentConfig config() {
    UserAgentConfig config{.dialogs = DialogPolicy::none};
    config.answers.cancelled = false;
    return config;
  }
  void on(const Event& event) {
    if (const auto* request = std::get_if<Request>(&event)) {
      CHECK_FALSE(request->dialog);
      forward(*request);
    } else if (const auto* response = std::get_if<Response>(&event)) {
      CHECK_FALSE(response->dialog);
      back(*response);
    } else if (const auto* ack = std::get_if<Ack>(&event)) {
      CHECK_FALSE(ack->dialog);
      for (Node* const to : where(ack->message))
        node.agent.forward(net_.flow(node, *to), onward(ack->message));
    } else if (const auto* cancelled = std::get_if<Cancelled>(&event)) {
      for (const auto& [branch, asked] : branches_)
        if (asked.transaction == cancelled->invite) node.agent.cancel(branch, net_.now);
    }
  }
  std::vector<Node*> where(const sip::Message& request) {
    if (request.request_uri().ends_with("@b.example")) return targets;
    Node* const to = net_.at_uri(request.request_uri());
    return to == nullptr ? std::vector<Node*>{} : std::vector<Node*>{to};
  }
  sip::Message onward(sip::Message request) const {
    if (request.text("Route").find(node.at()) != std::string_view::npos)
      request.remove_first("Route");
    return request;
  }
  void forward(const Request& request) {
    const std::vector<Node*> nodes = where(request.message);
    left_[request.transaction.value] = nodes.size();
    for (Node* const to : nodes) {
      sip::Message message = onward(request.message);
      if (record_routes_) message.prepend("Record-Route", "<sip:" + node.at() + ";lr>");
      branches_[node.agent.request(net_.flow(node, *to), std::move(message), net_.now)] = request;
    }
  }
  void back(const Response& response) {
    const int status = response.message.status();
    if (status == 100) return;
    const Request& request = branches_.at(response.transaction);
    if (status >= 300 && --left_[request.transaction.value] != 0) return;
    sip::Message message = response.message;
    message.remove_first("Via");
    // RFC 3261 §16.7: the second 2xx to an INVITE goes without the transaction.
    if (!node.agent.respond(request.transaction, message, net_.now))
      node.agent.forward(request.flow, message);
  }

  bool record_routes_;
  std::map<TransactionId, Request> branches_;
  std::map<std::uint64_t, std::size_t> left_;
};

/// Nothing of what it sends arrives.
inline void silence(Node& node) {
  node.loses = [](std::string_view) { return true; };
}

/// The first that it sends and that begins so is held back, for what overtakes it.
inline std::shared_ptr<const std::string> hold_back(Node& node, std::string start) {
  auto held = std::make_shared<std::string>();
  node.loses = [held, start = std::move(start)](std::string_view bytes) {
    if (!held->empty() || !bytes.starts_with(start)) return false;
    *held = bytes;
    return true;
  };
  return held;
}

/// Dialogs begin where they are asked for.
inline UserAgentConfig manual() { return {.dialogs = DialogPolicy::manual}; }

struct Asking {
  std::string_view method = "INVITE";
  std::string_view extra{};  // whole lines
  std::uint32_t sequence = 1;
  std::string_view call_id = "c1";
  std::string_view uri{};
};

inline sip::Message request_of(const Node& from, const Node& to, const Asking& asking = {}) {
  const std::string uri =
      asking.uri.empty() ? "sip:" + to.name + "@" + to.at() : std::string{asking.uri};
  std::string text{asking.method};
  text.append(" ").append(uri).append(" SIP/2.0\r\nFrom: <sip:").append(from.name);
  text.append("@a.example>;tag=a1\r\nTo: <sip:").append(to.name).append("@b.example>\r\nCall-ID: ");
  text.append(asking.call_id).append("\r\nCSeq: ").append(std::to_string(asking.sequence));
  text.append(" ").append(asking.method).append("\r\nContact: ").append(from.contact());
  text.append("\r\nMax-Forwards: 70\r\n").append(asking.extra).append("Content-Length: 0\r\n\r\n");
  return *sip::Message::parse(text);
}

/// Alice, Bob and what they say to each other.
struct Call {
  explicit Call(Transport transport = Transport::udp, const UserAgentConfig& of_alice = {},
                const UserAgentConfig& of_bob = {})
      : net(transport), alice(net.add("alice", of_alice)), bob(net.add("bob", of_bob)) {}

  Net net;
  Node& alice;
  Node& bob;

  TransactionId ask(const Asking& asking = {}) {
    const TransactionId id =
        alice.agent.request(net.flow(alice, bob), request_of(alice, bob, asking), net.now);
    net.settle();
    return id;
  }
  sip::Message response_of(const Node& node, const Request& request, int status) const {
    sip::Message response = sip::Message::response(request.message, status);
    if (status > 100) response.add("Contact", node.contact());
    return response;
  }
  Result<void> try_answer(Node& node, const Request& request, int status) {
    const Result<void> sent =
        node.agent.respond(request.transaction, response_of(node, request, status), net.now);
    net.settle();
    return sent;
  }
  void answer(Node& node, int status) { REQUIRE(try_answer(node, node.last<Request>(), status)); }
  void answer(int status) { answer(bob, status); }
  /// The dialog of a node by its tags, in the call c1.
  static DialogId half_of(const Node& node, std::string_view local, std::string_view remote) {
    const std::optional<DialogId> id = node.agent.find(*sip::parsed<sip::Join>(
        "c1;to-tag=" + std::string{local} + ";from-tag=" + std::string{remote}));
    REQUIRE(id);
    return *id;
  }
  DialogId alices() const { return *alice.last<Response>().dialog; }
  DialogId bobs() const { return *bob.last<Ack>().dialog; }
  const dialog::Dialog& dialog_of(const Node& node, DialogId id) const {
    return *node.agent.dialog(id);
  }
  void acknowledge() {
    REQUIRE(alice.agent.ack(alices(), net.now));
    net.settle();
  }
  void establish(const Asking& asking = {}) {
    ask(asking);
    answer(180);
    answer(200);
    acknowledge();
  }
  Result<TransactionId> within(Node& node, DialogId dialog, std::string_view method,
                               std::string_view name = {}, std::string_view value = {}) {
    std::optional<sip::Message> draft = node.agent.draft(dialog, method);
    REQUIRE(draft);
    draft->add("Contact", node.contact());
    if (!name.empty()) draft->add(name, value);
    const Result<TransactionId> id = node.agent.send(dialog, *std::move(draft), net.now);
    net.settle();
    return id;
  }
  /// Either side hangs up, the other says 200, and both dialogs have ended.
  void hang_up(Node& node, DialogId dialog) {
    Node& other = &node == &alice ? bob : alice;
    REQUIRE(within(node, dialog, "BYE"));
    CHECK(other.last<Request>().message.method() == "BYE");
    answer(other, 200);
    CHECK(node.last_status() == 200);
    CHECK(node.last<DialogEnded>().why == DialogEnding::bye);
    CHECK(other.last<DialogEnded>().why == DialogEnding::bye);
  }
  /// That the client transaction of Alice is in a state; nothing: it is gone.
  void expect(TransactionId id, std::optional<State> state) const {
    CHECK(alice.agent.state(id) == state);
  }
};

template <class Test>
void over_both(const Test& test) {
  for (const Transport transport : {Transport::udp, Transport::tcp}) {
    CAPTURE(to_string(transport));
    test(transport);
  }
}

inline std::string branch_of(const sip::Message& message) {
  return std::string{message.require<sip::Via>()->branch().value_or("")};
}
inline std::string branch_of(std::string_view bytes) {
  return branch_of(*sip::Message::parse(std::string{bytes}));
}
inline std::string with(std::string text, std::string_view what, std::string_view instead) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), instead);
}

}  // namespace kith::ua::tck
