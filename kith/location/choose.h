#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kith/base/random.h"
#include "kith/base/transport.h"
#include "kith/location/records.h"

namespace kith::location {

/// Whether the URI is sips, so that nothing but TLS will do: RFC 3261 §26.2.2
enum class Security : std::uint8_t { any, tls_only };

/// 5060, and 5061 for TLS: RFC 3261 §19.1.2
std::uint16_t default_port(Transport transport);

/// "_sip._udp.example.com"; TLS is "_sips._tcp". RFC 3263 §4.2
std::string service_name(Transport transport, std::string_view domain);

/// Of the transports that we speak, those that will do.
std::vector<Transport> permitted(std::span<const Transport> spoken, Security security);

/// UDP for a sip URI, TLS for a sips URI: RFC 3263 §4.1. Who does not speak UDP takes the best.
Transport default_transport(std::span<const Transport> permitted);

/// The SRV records to try, in the order of priority, and of one priority by weight: each place goes
/// to one of those that are left, with a chance in proportion to its weight. RFC 2782
std::vector<Srv> in_order(std::vector<Srv> records, SeededRandom& random);

struct Service {
  Transport transport = Transport::udp;
  std::string srv_name{};  // where its SRV records are

  bool operator==(const Service&) const = default;
};

/// What NAPTR records offer over the transports given: those of the lowest order that has any, by
/// preference, then by our own order. Services other than SIP+D2U, SIP+D2T and SIPS+D2T, flags
/// other than "s", and records with a regular expression are none of ours. RFC 3263 §4.1
std::vector<Service> offered(std::span<const Naptr> records, std::span<const Transport> transports);

/// For a request that is too long for a datagram; otherwise their order stays.
void put_streams_first(std::vector<Service>& services);

}  // namespace kith::location
