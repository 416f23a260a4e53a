#include "kith/location/plan.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "kith/base/address.h"
#include "kith/base/text.h"

namespace kith::location {

namespace {

constexpr std::array all_transports{Transport::udp, Transport::tcp, Transport::tls};

std::optional<Transport> transport_named(std::string_view name) {
  for (const Transport transport : all_transports)
    if (equal_ignoring_case(to_string(transport), name)) return transport;
  return std::nullopt;
}

/// As a name of the DNS, or an address without brackets.
std::string plain_host(std::string_view host) {
  if (const std::optional<Address> address = Address::parse_host(host, 0)) return address->host();
  return canonical_name(host);
}

bool is_numeric(std::string_view host) { return Address::parse_host(host, 0).has_value(); }

bool contains(const std::vector<Transport>& transports, Transport transport) {
  return std::ranges::find(transports, transport) != transports.end();
}

/// The transport that the URI names, if any; an Exhaustion where we cannot use it.
std::expected<std::optional<Transport>, Exhaustion> named_transport(
    const sip::Uri& uri, const std::vector<Transport>& transports) {
  const std::optional<std::string_view> name = uri.transport();
  if (!name) return std::optional<Transport>();
  std::optional<Transport> transport = transport_named(*name);
  // TLS runs over TCP, so this is what a sips URI means by it: RFC 3261 §26.2.2
  if (transport == Transport::tcp && uri.scheme == "sips") transport = Transport::tls;
  if (!transport || !contains(transports, *transport)) return std::unexpected(Exhaustion::unusable);
  return transport;
}

/// RFC 3261 §18.2.2: what is tried before RFC 3263 §5 has its turn.
void add_source(Plan& plan, const sip::Via& via, Transport transport) {
  const std::uint16_t sent_by_port = via.port.value_or(default_port(transport));
  const auto received = via.received();
  if (transport == Transport::udp && via.maddr()) {
    plan.steps.push_back(FindAddresses{transport, plain_host(*via.maddr()), sent_by_port});
    plan.ttl = via.ttl();
  } else if (transport == Transport::udp && via.rport().state == sip::RPort::State::known) {
    plan.steps.push_back(FindAddresses{transport, plain_host(received.value_or(via.host)),
                                       via.rport().port});  // RFC 3581 §4
  } else if (received) {
    plan.steps.push_back(FindAddresses{transport, plain_host(*received), sent_by_port});
  }
}

}  // namespace

std::expected<Plan, Exhaustion> plan(const Request& request, const Config& config) {
  const sip::Uri& uri = request.uri;
  if (!uri.is_sip()) return std::unexpected(Exhaustion::unusable);
  Plan plan{
      .domain = plain_host(uri.maddr().value_or(uri.host)),
      .tls_name = plain_host(uri.host),
      .ttl = uri.ttl(),
      .transports =
          permitted(config.transports, uri.scheme == "sips" ? Security::tls_only : Security::any),
      .families = config.families,
      .length = request.size_bytes > config.datagram_request_size_bytes_max
                    ? Length::too_long_for_datagrams
                    : Length::any,
  };
  if (plan.transports.empty() || plan.domain.size() > name_size_bytes_max)
    return std::unexpected(Exhaustion::unusable);
  const auto named = named_transport(uri, plan.transports);
  if (!named) return std::unexpected(named.error());

  if (uri.port || is_numeric(plan.domain)) {
    const Transport transport = named->value_or(default_transport(plan.transports));
    plan.steps.push_back(
        FindAddresses{transport, plan.domain, uri.port.value_or(default_port(transport))});
  } else if (*named) {
    plan.steps.push_back(FindServers{{**named, service_name(**named, plan.domain)}});
  } else {
    plan.steps.push_back(FindServices{});
  }
  return plan;
}

std::expected<Plan, Exhaustion> plan(const sip::Via& via, const Config& config) {
  const std::optional<Transport> transport = transport_named(via.transport);
  const std::string host = plain_host(via.host);
  if (!transport || !contains(config.transports, *transport) || host.size() > name_size_bytes_max)
    return std::unexpected(Exhaustion::unusable);
  Plan plan{
      .domain = host, .tls_name = host, .transports = {*transport}, .families = config.families};
  add_source(plan, via, *transport);
  // RFC 3263 §5
  if (via.port || is_numeric(host))
    plan.steps.push_back(
        FindAddresses{*transport, host, via.port.value_or(default_port(*transport))});
  else
    plan.steps.push_back(FindServers{{*transport, service_name(*transport, host)}});
  return plan;
}

}  // namespace kith::location
