#include "kith/location/search.h"

#include <algorithm>
#include <iterator>

#include "kith/base/overloaded.h"
#include "kith/location/limits.h"

namespace kith::location {

namespace {

bool is_multicast(const Address& address) {
  return address.is_v4() ? (address.ip[12] & 0xf0U) == 0xe0U : address.ip[0] == 0xffU;
}

/// All records of one kind; a finding has no other.
template <class Data>
std::vector<Data> all(const Finding& finding) {
  std::vector<Data> all;
  for (const RecordData& record : finding.records)
    if (const Data* data = std::get_if<Data>(&record)) all.push_back(*data);
  return all;
}

/// The SRV records that name a server: RFC 2782 has "." for "decidedly not available".
std::vector<Srv> servers_of(const Finding& finding) {
  std::vector<Srv> servers = all<Srv>(finding);
  std::erase_if(servers, [](const Srv& srv) { return srv.target == "."; });
  return servers;
}

}  // namespace

Search::Next Search::next(const Blacklist& blacklist, Time now) {
  wanted_.clear();
  while (!offered_ && wanted_.empty() && tried_.size() < targets_max) {
    if (plan_.steps.empty()) {
      if (later_.empty()) break;
      plan_.steps.push_back(later_.front());
      later_.pop_front();
    }
    const Step step = plan_.steps.front();
    const Taken taken =
        std::visit(Overloaded{
                       [&](const Candidate& candidate) {
                         plan_.steps.pop_front();
                         consider(candidate, blacklist, now);
                         return Taken::yes;
                       },
                       [&](const WayBack& way_back) {
                         plan_.steps.pop_front();
                         if (failure_ == Failure::refused)
                           consider({way_back.target, Candidate::Use::after_all}, blacklist, now);
                         return Taken::yes;
                       },
                       [&](const auto& other) { return take(other); },
                   },
                   step);
    if (taken == Taken::must_wait) return wanted_;
  }
  if (!offered_) return spent();
  current_ = std::exchange(offered_, std::nullopt);
  failure_.reset();
  return *current_;
}

void Search::hear(const Question& question, const Finding& finding) {
  if (finding.kind == Finding::Kind::failed) dns_failed_ = true;
  heard_.insert_or_assign(question, finding);
  std::erase(wanted_, question);
}

void Search::failed(Failure failure) {
  failure_ = failure;
  current_.reset();
}

/// What was heard about a name, or about the one that it is an alias of; null: it is wanted now.
const Finding* Search::know(std::string name, RecordType type) {
  for (std::size_t links = 0; links <= aliases_max; ++links) {
    const auto heard = heard_.find({name, type});
    if (heard == heard_.end()) {
      if (heard_.size() + wanted_.size() >= questions_max) return &nothing_;
      wanted_.push_back({std::move(name), type});
      return nullptr;
    }
    if (heard->second.kind != Finding::Kind::alias) return &heard->second;
    name = heard->second.alias;
  }
  return &nothing_;
}

void Search::replace(std::vector<Step> steps) {
  plan_.steps.pop_front();
  plan_.steps.insert(plan_.steps.begin(), std::make_move_iterator(steps.begin()),
                     std::make_move_iterator(steps.end()));
}

Search::Taken Search::take(const FindServices&) {
  const Finding* const finding = know(plan_.domain, RecordType::naptr);
  if (finding == nullptr) return Taken::must_wait;
  std::vector<Service> services = offered(all<Naptr>(*finding), plan_.transports);
  // A domain whose records are all for others (ENUM, transports that we do not speak) is one
  // without NAPTR records to us; for a sips URI nothing but _sips is asked for then, too.
  if (services.empty()) {
    replace({ProbeTransports{}});
    return Taken::yes;
  }
  if (plan_.length == Length::too_long_for_datagrams) put_streams_first(services);
  std::vector<Step> steps;
  for (Service& service : services) steps.emplace_back(FindServers{std::move(service)});
  replace(std::move(steps));
  return Taken::yes;
}

Search::Taken Search::take(const ProbeTransports&) {
  std::vector<Service> found;
  bool decidedly_none = false;  // of the transport that is taken where there are no SRV records
  const Transport fallback = default_transport(plan_.transports);
  for (const Transport transport : plan_.transports) {
    Service service{transport, service_name(transport, plan_.domain)};
    const Finding* const finding = know(service.srv_name, RecordType::srv);
    if (finding == nullptr) continue;
    if (!servers_of(*finding).empty())
      found.push_back(std::move(service));
    else if (finding->kind == Finding::Kind::found && transport == fallback)
      decidedly_none = true;
  }
  if (!wanted_.empty()) return Taken::must_wait;
  if (plan_.length == Length::too_long_for_datagrams) put_streams_first(found);
  std::vector<Step> steps;
  for (Service& service : found) steps.emplace_back(FindServers{std::move(service)});
  if (steps.empty() && !decidedly_none)
    steps.emplace_back(FindAddresses{fallback, plan_.domain, default_port(fallback)});
  replace(std::move(steps));
  return Taken::yes;
}

Search::Taken Search::take(const FindServers& step) {
  const Finding* const finding = know(step.service.srv_name, RecordType::srv);
  if (finding == nullptr) return Taken::must_wait;
  std::vector<Step> steps;
  if (finding->kind != Finding::Kind::found)  // also where the DNS failed: it may know the address
    steps.emplace_back(
        FindAddresses{step.service.transport, plan_.domain, default_port(step.service.transport)});
  for (Srv& srv : in_order(servers_of(*finding), random_))
    steps.emplace_back(FindAddresses{step.service.transport, std::move(srv.target), srv.port});
  replace(std::move(steps));
  return Taken::yes;
}

Search::Taken Search::take(const FindAddresses& step) {
  std::vector<Address> addresses;
  if (const std::optional<Address> numeric = Address::parse_host(step.host, step.port)) {
    addresses.push_back(*numeric);
  } else {
    for (const RecordType family : plan_.families)
      if (const Finding* const finding = know(step.host, family))
        std::ranges::copy(all<Address>(*finding), std::back_inserter(addresses));
    if (!wanted_.empty()) return Taken::must_wait;
  }
  std::vector<Step> steps;
  for (Address& address : addresses) {
    address.port = step.port;
    steps.emplace_back(Candidate{{step.transport, address, plan_.tls_name}});
  }
  replace(std::move(steps));
  return Taken::yes;
}

bool Search::goes_by_stream(const Candidate& candidate) const {
  return candidate.use == Candidate::Use::as_found &&
         candidate.target.transport == Transport::udp &&
         plan_.length == Length::too_long_for_datagrams &&
         std::ranges::find(plan_.transports, Transport::tcp) != plan_.transports.end();
}

void Search::consider(Candidate candidate, const Blacklist& blacklist, Time now) {
  if (is_multicast(candidate.target.address)) {
    if (is_stream(candidate.target.transport)) return;
    candidate.target.ttl = plan_.ttl.value_or(1);
  } else if (goes_by_stream(candidate)) {
    candidate.target.transport = Transport::tcp;
    candidate.use = Candidate::Use::in_place_of_udp;
  }
  const auto* entry = blacklist.find(hop_of(candidate.target), now);
  if (entry != nullptr && candidate.use == Candidate::Use::in_place_of_udp &&
      entry->value == Failure::refused) {
    candidate.target.transport = Transport::udp;
    candidate.use = Candidate::Use::after_all;
    entry = blacklist.find(hop_of(candidate.target), now);
  }
  if (tried_.contains(hop_of(candidate.target))) return;
  if (entry != nullptr && entry->value == Failure::unavailable) {
    not_before_ = std::min(not_before_.value_or(never), entry->until);
    return;
  }
  if (entry != nullptr && !candidate.late) {
    candidate.late = true;
    later_.push_back(std::move(candidate));
    return;
  }
  offer(candidate);
}

void Search::offer(const Candidate& candidate) {
  tried_.insert(hop_of(candidate.target));
  offered_ = candidate.target;
  if (candidate.use != Candidate::Use::in_place_of_udp) return;
  Target udp = candidate.target;
  udp.transport = Transport::udp;
  plan_.steps.push_front(WayBack{std::move(udp)});
}

Spent Search::spent() const {
  using enum Exhaustion;
  if (!tried_.empty()) return {all_failed, not_before_};
  if (not_before_) return {unavailable, not_before_};
  return {dns_failed_ ? dns_failed : not_found};
}

}  // namespace kith::location
