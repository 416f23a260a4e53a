// Which connection leads where, and what is left of one that broke.

#include <algorithm>
#include <iterator>
#include <utility>

#include "kith/base/text.h"
#include "kith/net/identity.h"
#include "kith/net/streams.h"

namespace kith::net {

std::optional<Flow> Streams::find(Transport transport, const Address& remote,
                                  std::string_view server_name) const {
  const auto [first, last] = leads_.equal_range(remote);
  for (auto lead = first; lead != last; ++lead) {
    const Connection& it = *at(lead->second);
    if (it.flow.transport != transport || it.doom) continue;
    const bool is_peer = it.side == StreamSetup::Side::outgoing
                             ? equal_ignoring_case(it.server_name, server_name)
                             : stands_for(it.stream->sip_domains(), server_name);
    if (is_peer) return it.flow;
  }
  return std::nullopt;
}

bool Streams::alias(std::uint64_t id, std::uint16_t port) {
  Connection* it = at(id);
  if (it == nullptr || it->side != StreamSetup::Side::accepted || it->closing ||
      it->state != Connection::State::open || it->stream->sip_domains().empty())
    return false;
  Address there = it->flow.remote;
  there.port = port;
  lead(*it, there);
  return true;
}

std::vector<std::string> Streams::sip_domains(std::uint64_t id) const {
  const Connection* it = at(id);
  return it != nullptr && it->stream ? it->stream->sip_domains() : std::vector<std::string>{};
}

void Streams::lead(Connection& it, std::optional<Address> to) {
  if (it.leads_to) {
    const auto [first, last] = leads_.equal_range(*it.leads_to);
    leads_.erase(
        std::find_if(first, last, [&](const auto& lead) { return lead.second == it.flow.id; }));
  }
  it.leads_to = to;
  if (to) leads_.emplace(*to, it.flow.id);
}

void Streams::remember_sent(Connection& it) {
  if (it.side != StreamSetup::Side::outgoing) return;
  const std::uint64_t written = it.stream->written_size_bytes();
  it.sent.add(it.queue.take_sent(), written);
  it.sent.forget(written - unacknowledged_size_bytes(it.fd.number()));
}

void Streams::tell_undelivered(Connection& it) {
  if (it.side != StreamSetup::Side::outgoing || !it.used) return;
  remember_sent(it);
  std::vector<std::string> messages = it.sent.take();
  std::ranges::move(it.queue.take_unsent(), std::back_inserter(messages));
  if (!messages.empty()) handler_.undelivered(it.flow, std::move(messages));
}

}  // namespace kith::net
