#include "kith/ua/proxy_routing.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include "kith/base/siphash.h"
#include "kith/base/text.h"
#include "kith/sip/header/from.h"
#include "kith/sip/header/route.h"
#include "kith/sip/header/to.h"
#include "kith/ua/message_parts.h"

namespace kith::ua {
namespace {

constexpr std::uint16_t default_port = 5060;
constexpr std::uint16_t default_secure_port = 5061;
constexpr std::size_t branch_head = 10;  // z9hG4bK, two digits for the shard, a point

std::uint16_t port_of(const sip::UriView& uri) {
  const bool secure =
      uri.scheme == "sips" || equal_ignoring_case(uri.transport().value_or(""), "tls");
  return uri.port.value_or(secure ? default_secure_port : default_port);
}

bool is_called(std::string_view name, std::string_view host, std::uint16_t port) {
  std::uint16_t named = default_port;
  // The colons of an IPv6 reference stand between its brackets.
  const std::size_t colon = name.find(':', name.starts_with('[') ? name.find(']') : 0);
  if (colon == std::string_view::npos)
    named = port == default_secure_port ? default_secure_port : default_port;
  else
    std::from_chars(name.data() + colon + 1, name.data() + name.size(), named);
  return port == named && equal_ignoring_case(name.substr(0, colon), host);
}

bool is_at(std::string_view host, std::uint16_t port, const std::vector<std::string>& names,
           const Flow& flow) {
  if (std::ranges::any_of(names,
                          [&](const std::string& name) { return is_called(name, host, port); }))
    return true;
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return Address::parse_host(host, port) == flow.local;
}

std::optional<sip::Route> first_route(const sip::Message& request) {
  const auto route = request.get<sip::Route>();
  return route ? *route : std::nullopt;
}

// RFC 3261 §16.4: an upstream strict router put our Record-Route into the Request-URI.
void undo_strict_router(sip::Message& request, const std::vector<std::string>& names,
                        const Flow& flow) {
  const auto uri = sip::UriView::parse(request.request_uri());
  if (!uri || !uri->lr() || !is_own(*uri, names, flow)) return;
  const auto last = request.last<sip::Route>();
  if (!last || !*last) return;
  request.set_request_uri((*last)->uri.to_string());
  request.remove_last<sip::Route>();
}

void remove_own_maddr(sip::Message& request, const std::vector<std::string>& names,
                      const Flow& flow) {
  auto uri = sip::Uri::parse(request.request_uri());
  if (!uri || !uri->maddr() || !is_at(*uri->maddr(), port_of(*uri), names, flow)) return;
  uri->params.remove("maddr");
  uri->params.remove("transport");
  uri->port.reset();
  request.set_request_uri(uri->to_string());
}

std::string hexadecimal(std::uint64_t number) {
  return to_hex(std::as_bytes(std::span{&number, 1}));
}

std::optional<Transport> transport_of(std::string_view name) {
  for (const Transport transport : {Transport::udp, Transport::tcp, Transport::tls})
    if (equal_ignoring_case(name, to_string(transport))) return transport;
  return std::nullopt;
}

}  // namespace

bool is_own(const sip::UriView& uri, const std::vector<std::string>& names, const Flow& flow) {
  return uri.is_sip() && is_at(uri.host, port_of(uri), names, flow);
}

std::optional<sip::Uri> preprocess_route(sip::Message& request,
                                         const std::vector<std::string>& names, const Flow& flow) {
  undo_strict_router(request, names, flow);
  remove_own_maddr(request, names, flow);
  return take_own_route(request, names, flow);
}

std::optional<sip::Uri> take_own_route(sip::Message& request, const std::vector<std::string>& names,
                                       const Flow& flow) {
  std::optional<sip::Route> route = first_route(request);
  if (!route || !is_own(route->uri, names, flow)) return std::nullopt;
  request.remove_first<sip::Route>();
  return std::move(route->uri);
}

void prepare_for_strict_router(sip::Message& request) {
  const std::optional<sip::Route> route = first_route(request);
  if (!route || route->uri.lr()) return;
  request.add("Route", "<" + std::string{request.request_uri()} + ">");
  request.remove_first<sip::Route>();
  request.set_request_uri(fit(route->uri, sip::UriContext::request_uri).to_string());
}

std::string next_hop_of(const sip::Message& request) {
  const std::optional<sip::Route> route = first_route(request);
  return route ? route->uri.to_string() : std::string{request.request_uri()};
}

std::string loop_mark(const sip::Message& request, const transaction::HashKey& secret) {
  std::string seed{request.request_uri()};
  seed.append("\n").append(call_id_of(request));
  seed.append("\n").append(tag_of<sip::From>(request));
  seed.append("\n").append(tag_of<sip::To>(request));
  seed.append("\n").append(std::to_string(sequence_of(request)));
  for (const std::string_view name : {"Route", "Proxy-Require", "Proxy-Authorization"})
    for (const std::string_view text : request.texts(name))
      seed.append("\n").append(name).append(text);
  return hexadecimal(siphash(as_bytes(seed), secret));
}

bool has_looped(const sip::Message& request, std::string_view mark) {
  bool looped = false;
  (void)request.each<sip::Via>([&](const sip::ViaView& via) {
    const std::string_view branch = via.branch().value_or("");
    looped = looped || (branch.size() > mark.size() && branch.ends_with(mark) &&
                        branch[branch.size() - mark.size() - 1] == '-');
  });
  return looped;
}

std::string stateless_mark(const sip::ViaView& top, std::uint64_t flow_id,
                           const transaction::HashKey& secret) {
  const std::string id = hexadecimal(flow_id);
  std::string seed{top.transport};
  seed.append("\n").append(top.host).append("\n").append(id);
  seed.append("\n").append(std::to_string(top.port.value_or(0)));
  for (const std::string_view name : {"branch", "received", "rport"})
    seed.append("\n").append(top.params.find(name).value_or(""));
  return id + 's' + hexadecimal(siphash(as_bytes(seed), secret));
}

std::optional<Flow> stateless_reply(const sip::Message& response, const Flow& came_by,
                                    const transaction::HashKey& secret) {
  std::array<std::optional<sip::ViaView>, 2> top;
  std::size_t count = 0;
  (void)response.each<sip::Via>([&](const sip::ViaView& via) {
    if (count < top.size()) top[count] = via;
    ++count;
  });
  if (!top[1]) return std::nullopt;
  std::string_view mark = top[0]->branch().value_or("");
  mark.remove_prefix(std::min(mark.size(), branch_head));
  Flow flow;
  const std::optional<std::string> id = from_hex(mark.substr(0, 2 * sizeof flow.id));
  if (!id || id->size() != sizeof flow.id) return std::nullopt;
  std::copy_n(id->data(), sizeof flow.id, reinterpret_cast<char*>(&flow.id));
  if (mark != stateless_mark(*top[1], flow.id, secret)) return std::nullopt;
  const std::optional<Transport> transport = transport_of(top[1]->transport);
  std::string_view host = top[1]->received().value_or(top[1]->host);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const sip::RPort rport = top[1]->rport();
  const std::uint16_t port =
      rport.state == sip::RPort::State::known ? rport.port : top[1]->port.value_or(default_port);
  const std::optional<Address> remote = Address::parse_host(host, port);
  if (!transport || !remote) return std::nullopt;
  flow.transport = *transport;
  flow.remote = *remote;
  if (came_by.id == flow.id) flow.local = came_by.local;
  return flow;
}

}  // namespace kith::ua
