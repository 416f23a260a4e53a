#include "kith/sim/world.h"

#include <algorithm>
#include <variant>

#include "kith/base/ensure.h"
#include "kith/base/overloaded.h"

namespace kith::sim {
namespace {

// The socket of every node's datagrams: connections have other numbers.
constexpr std::uint64_t datagram_socket = std::uint64_t{1} << 48U;

}  // namespace

void World::add(Node& node, const Address& address) {
  const bool added = nodes_.emplace(address, &node).second;
  ensure(added);
}

void World::set_link(const Address& from, const Address& to, const Link& link) {
  links_[{from, to}] = link;
}

const Link& World::link(const Address& from, const Address& to) const {
  const auto own = links_.find({from, to});
  return own == links_.end() ? link_ : own->second;
}

Flow World::datagrams(const Address& from, const Address& to) {
  return {.id = datagram_socket, .transport = Transport::udp, .local = from, .remote = to};
}

std::optional<Flow> World::connect(const Address& from, const Address& to, Transport transport) {
  if (!nodes_.contains(from) || !nodes_.contains(to)) return std::nullopt;
  Wire here;
  Wire there;
  here.flow = {.id = next_id_++, .transport = transport, .local = from, .remote = to};
  there.flow = {.id = next_id_++, .transport = transport, .local = to, .remote = from};
  here.other = there.flow.id;
  there.other = here.flow.id;
  wires_[here.flow.id] = here;
  wires_[there.flow.id] = there;
  nodes_.at(to)->opened(there.flow, now_);
  nodes_.at(from)->opened(here.flow, now_);
  drain();
  return here.flow;
}

void World::cut(const Flow& flow) {
  const auto wire = wires_.find(flow.id);
  if (wire == wires_.end()) return;
  const Flow here = wire->second.flow;
  const Flow there = wires_.at(wire->second.other).flow;
  wires_.erase(here.id);
  wires_.erase(there.id);
  const auto reset = std::make_error_code(std::errc::connection_reset);
  nodes_.at(here.local)->closed(here, reset, now_);
  nodes_.at(there.local)->closed(there, reset, now_);
  drain();
}

// One end closes: the other hears it after all that was sent before.
void World::hang_up(const Flow& flow) {
  const auto wire = wires_.find(flow.id);
  if (wire == wires_.end()) return;
  const Flow there = wires_.at(wire->second.other).flow;
  const Time arrival = std::max(wire->second.last_arrival, now_);
  wires_.erase(wire);
  at(arrival, [this, there] {
    if (wires_.erase(there.id) > 0) nodes_.at(there.local)->closed(there, {}, now_);
  });
}

void World::at(Time when, std::function<void()> step) {
  agenda_.emplace(std::pair{std::max(when, now_), next_step_++}, std::move(step));
}

Duration World::delay(const Link& link) {
  if (link.jitter <= Duration::zero()) return link.delay;
  return link.delay + Duration{1us} * static_cast<Duration::rep>(random_.below(
                                          static_cast<std::uint64_t>(link.jitter / 1us) + 1));
}

void World::carry(const Address& from, const ua::Send& send) {
  const Link& over = link(from, send.flow.remote);
  sent_.push_back({now_, from, send.flow.remote, send.bytes});
  if (is_stream(send.flow.transport))
    carry_stream(send, over);
  else
    carry_datagram(send, over);
}

void World::carry_datagram(const ua::Send& send, const Link& link) {
  if (!nodes_.contains(send.flow.remote)) return;
  const Flow there = datagrams(send.flow.remote, send.flow.local);
  const unsigned copies = random_.below(100) < link.duplication ? 2 : 1;
  for (unsigned copy = 0; copy < copies; ++copy) {
    if (random_.below(100) < link.loss) continue;
    at(now_ + delay(link), [this, there, bytes = send.bytes] { deliver(there, bytes); });
  }
}

void World::carry_stream(const ua::Send& send, const Link& link) {
  const auto wire = wires_.find(send.flow.id);
  if (wire == wires_.end()) return;
  const std::uint64_t to = wire->second.other;
  std::string_view rest = send.bytes;
  while (!rest.empty()) {
    const std::size_t size =
        link.piece_max == 0 ? rest.size()
                            : std::min<std::size_t>(rest.size(), 1 + random_.below(link.piece_max));
    Time& last = wire->second.last_arrival;
    last = std::max(last, now_ + delay(link));
    at(last, [this, to, piece = std::string{rest.substr(0, size)}] {
      const auto end = wires_.find(to);
      if (end != wires_.end()) deliver(end->second.flow, piece);
    });
    rest.remove_prefix(size);
  }
}

void World::deliver(const Flow& flow, const std::string& bytes) {
  nodes_.at(flow.local)->receive(flow, bytes, now_);
}

void World::drain() {
  bool silent = false;
  while (!silent) {
    silent = true;
    for (const auto& [address, node] : nodes_) {
      while (std::optional<ua::Output> output = node->poll()) {
        silent = false;
        std::visit(Overloaded{
                       [&](const ua::Send& send) { carry(address, send); },
                       [&](ua::Close& close) { hang_up(close.flow); },
                       [&](ua::Notice& notice) { node->hear(std::move(notice), now_); },
                   },
                   *output);
      }
    }
  }
}

Time World::next_event() const {
  Time next = agenda_.empty() ? never : agenda_.begin()->first.first;
  for (const auto& [address, node] : nodes_) next = std::min(next, node->next_deadline());
  return next;
}

void World::step() {
  now_ = std::max(now_, next_event());
  for (const auto& [address, node] : nodes_)
    if (node->next_deadline() <= now_) node->tick(now_);
  drain();
  while (!agenda_.empty() && agenda_.begin()->first.first <= now_) {
    const auto event = agenda_.extract(agenda_.begin());
    event.mapped()();
    drain();
  }
}

void World::run_until(Time end) {
  drain();
  while (next_event() <= end) step();
  now_ = std::max(now_, end);
}

bool World::run_until_quiet(Time end) {
  drain();
  while (next_event() <= end) step();
  return next_event() == never;
}

}  // namespace kith::sim
