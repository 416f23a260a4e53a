#include "kith/location/choose.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "kith/base/text.h"

namespace kith::location {

namespace {

std::optional<Transport> transport_of(const Naptr& naptr) {
  if (!equal_ignoring_case(naptr.flags, "s") || !naptr.regexp.empty() || naptr.replacement == ".")
    return std::nullopt;
  if (equal_ignoring_case(naptr.services, "SIP+D2U")) return Transport::udp;
  if (equal_ignoring_case(naptr.services, "SIP+D2T")) return Transport::tcp;
  if (equal_ignoring_case(naptr.services, "SIPS+D2T")) return Transport::tls;
  return std::nullopt;
}

/// Takes one of the records of one priority, those of weight 0 first: RFC 2782 chooses by a number
/// between 0 and the sum of all weights, both included; so they have a small chance.
Srv take_by_weight(std::vector<Srv>& group, SeededRandom& random) {
  std::uint64_t sum = 0;
  for (const Srv& srv : group) sum += srv.weight;
  const std::uint64_t chosen = random.below(sum + 1);
  std::uint64_t running = 0;
  const auto taken = std::ranges::find_if(group, [&](const Srv& srv) {
    running += srv.weight;
    return running >= chosen;
  });
  Srv srv = std::move(*taken);
  group.erase(taken);
  return srv;
}

}  // namespace

std::uint16_t default_port(Transport transport) {
  return transport == Transport::tls ? 5061 : 5060;
}

std::string service_name(Transport transport, std::string_view domain) {
  std::string name(transport == Transport::tls ? "_sips._" : "_sip._");
  name += transport == Transport::udp ? "udp." : "tcp.";
  return name += domain;
}

std::vector<Transport> permitted(std::span<const Transport> spoken, Security security) {
  std::vector<Transport> permitted(spoken.begin(), spoken.end());
  if (security == Security::tls_only)
    std::erase_if(permitted, [](Transport transport) { return transport != Transport::tls; });
  return permitted;
}

Transport default_transport(std::span<const Transport> permitted) {
  const bool udp = std::ranges::find(permitted, Transport::udp) != permitted.end();
  return udp ? Transport::udp : permitted.front();
}

std::vector<Srv> in_order(std::vector<Srv> records, SeededRandom& random) {
  // By all there is, so that the same seed and the same set give the same order: servers rotate it.
  std::ranges::sort(records, {}, [](const Srv& srv) {
    return std::tie(srv.priority, srv.weight, srv.target, srv.port);
  });
  std::vector<Srv> ordered;
  for (auto at = records.begin(); at != records.end();) {
    const auto end = std::ranges::find_if(
        at, records.end(), [&](const Srv& srv) { return srv.priority != at->priority; });
    std::vector<Srv> group(at, end);
    while (!group.empty()) ordered.push_back(take_by_weight(group, random));
    at = end;
  }
  return ordered;
}

std::vector<Service> offered(std::span<const Naptr> records,
                             std::span<const Transport> transports) {
  struct Offer {
    std::uint16_t order;
    std::uint16_t preference;
    std::ptrdiff_t rank;  // ours
    Service service;
  };
  std::vector<Offer> offers;
  for (const Naptr& naptr : records) {
    const std::optional<Transport> transport = transport_of(naptr);
    if (!transport) continue;
    const auto rank = std::ranges::find(transports, *transport);
    if (rank == transports.end()) continue;
    offers.push_back({naptr.order,
                      naptr.preference,
                      rank - transports.begin(),
                      {*transport, naptr.replacement}});
  }
  std::ranges::sort(offers, {}, [](const Offer& offer) {
    return std::tie(offer.order, offer.preference, offer.rank, offer.service.srv_name);
  });
  // RFC 3403 §4.1: once there is a match, records of another order are not considered.
  std::vector<Service> services;
  for (Offer& offer : offers)
    if (offer.order == offers.front().order) services.push_back(std::move(offer.service));
  return services;
}

void put_streams_first(std::vector<Service>& services) {
  std::vector<Service> ordered;
  for (const bool stream : {true, false})
    for (const Service& service : services)
      if (is_stream(service.transport) == stream) ordered.push_back(service);
  services = std::move(ordered);
}

}  // namespace kith::location
