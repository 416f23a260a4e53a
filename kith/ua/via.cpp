#include "kith/ua/via.h"

#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>

#include "kith/base/text.h"
#include "kith/sip/uri.h"
#include "kith/transaction/key.h"
#include "kith/ua/endpoint.h"

namespace kith::ua {
namespace {

constexpr std::string_view branch_start = "z9hG4bK";
constexpr std::size_t shard_digits = 2;
constexpr std::size_t branch_bytes = 12;
constexpr std::uint16_t default_port = 5060;  // RFC 3261 §19.1.2
constexpr std::uint16_t default_port_of_tls = 5061;

/// Two lower-case hexadecimal digits; returns their end.
char* put_hex(char* at, std::byte byte) {
  constexpr std::string_view digits = "0123456789abcdef";
  *at++ = digits[std::to_integer<std::size_t>(byte >> 4U)];
  *at++ = digits[std::to_integer<std::size_t>(byte & std::byte{15})];
  return at;
}

/// 0 to 255 in decimal; returns its end.
char* put_octet(char* at, std::uint8_t octet) {
  if (octet >= 100) *at++ = static_cast<char>('0' + octet / 100);
  if (octet >= 10) *at++ = static_cast<char>('0' + octet / 10 % 10);
  *at++ = static_cast<char>('0' + octet % 10);
  return at;
}

/// Without the brackets of an IPv6 reference.
void write_host(Writer& out, const Address& address) {
  if (!address.is_v4()) {
    out << address.host();
    return;
  }
  char text[sizeof "255.255.255.255"];
  char* at = text;
  for (const std::uint8_t octet : std::span{address.ip}.last<4>()) {
    if (at != text) *at++ = '.';
    at = put_octet(at, octet);
  }
  out << std::string_view{text, at};
}

// Whether the host of a Via is this address, of which `written` is the usual text;
// "[2001:db8::1]" and "2001:DB8:0::1" are the same.
bool is_address(std::string_view host, const Address& address, std::string_view written) {
  if (host == written) return true;
  const std::optional<Address> read = Address::parse_host(host, address.port);
  return read && read->ip == address.ip;
}

/// Parameters that say where a request came from: nobody but who received it may set them.
bool tells_source(std::string_view name) {
  return equal_ignoring_case(name, "received") || equal_ignoring_case(name, "ms-received-port") ||
         equal_ignoring_case(name, "ms-received-cid");
}

void write_param(Writer& out, const sip::Param& param) {
  out << ';' << param.name;
  if (param.quoted)
    out << "=\"" << param.value << '"';
  else if (!param.value.empty())
    out << '=' << param.value;
}

/// All but those; rport, where it is, with the port. Returns whether it is there.
bool write_params(Writer& out, const sip::ParamsView& params, std::uint16_t port) {
  bool rport = false;
  for (const sip::Param& param : params) {
    if (tells_source(param.name)) continue;
    if (!equal_ignoring_case(param.name, "rport")) {
      write_param(out, param);
    } else if (!std::exchange(rport, true)) {
      out << ";rport=" << port;
    }
  }
  return rport;
}

}  // namespace

Flow reply_flow(const sip::ViaView& via, const Flow& flow) {
  // Not RFC 3261 §18.2.2: maddr is not followed, or anybody could point our answers at others.
  Flow reply = flow;
  if (!is_stream(flow.transport) && !via.params.has("rport"))
    reply.remote.port = via.port.value_or(default_port);
  return reply;
}

void mark_source(sip::Message& request, const sip::ViaView& via, const Flow& flow) {
  std::string host;
  Writer host_out(host);
  write_host(host_out, flow.remote);
  std::string text;
  text.reserve(128);
  Writer out(text);
  out << via.protocol << '/' << via.transport << ' ' << via.host;
  if (via.port) out << ':' << *via.port;
  const bool rport = write_params(out, via.params, flow.remote.port);
  if (rport || !is_address(via.host, flow.remote, host)) out << ";received=" << host;
  if (is_stream(flow.transport))
    out << ";ms-received-port=" << flow.remote.port << ";ms-received-cid=" << connection_id(flow);
  request.replace_first("Via", text);
}

std::string connection_id(const Flow& flow) {
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof digits, flow.id, 16).ptr;
  return {digits, end};
}

Sender sender_of(std::string_view sent_by) {
  Scanner in(sent_by);
  std::string_view host;
  std::optional<std::uint16_t> port;
  if (!sip::read_host(in, host, port) || !in.at_end()) return {};
  return {.text = std::string{sent_by}, .host_size = host.size(), .port = port};
}

Sender sender_of(const Address& address) {
  Sender sender;
  Writer out(sender.text);
  const bool v4 = address.is_v4();
  if (!v4) out << '[';
  write_host(out, address);
  if (!v4) out << ']';
  sender.host_size = sender.text.size();
  if (address.port == 0) return sender;
  out << ':' << address.port;
  sender.port = address.port;
  return sender;
}

bool Sender::wrote_otherwise(const sip::ViaView& via, Transport transport) const {
  const std::uint16_t usual = transport == Transport::tls ? default_port_of_tls : default_port;
  if (via.port.value_or(usual) != port.value_or(usual)) return false;
  const std::string_view host{text.data(), host_size};
  if (equal_ignoring_case(via.host, host)) return true;
  const std::optional<Address> ours = Address::parse_host(host, 0);
  return ours && ours == Address::parse_host(via.host, 0);
}

void write_our_via(Writer& out, Transport transport, const Sender& sender, std::string_view branch,
                   Alias alias) {
  out << "SIP/2.0/" << to_string(transport) << ' ' << sender.text << ";branch=" << branch;
  if (!is_stream(transport)) out << ";rport";  // RFC 3581 §3
  // RFC 5923 §3: without TLS nobody could know who makes the offer.
  if (alias == Alias::offered && transport == Transport::tls) out << ";alias";
}

std::string make_branch(std::uint8_t shard, std::string_view unique, std::string_view end) {
  char digits[shard_digits];
  put_hex(digits, static_cast<std::byte>(shard));
  std::string branch;
  branch.reserve(branch_start.size() + shard_digits + unique.size() + end.size() + 2);
  branch.append(branch_start).append(digits, shard_digits).append(1, '.').append(unique);
  if (!end.empty()) branch.append(1, '-').append(end);
  return branch;
}

std::string make_branch(std::uint8_t shard, Random& random, std::string_view end) {
  std::array<std::byte, branch_bytes> bytes{};
  random.fill(bytes);
  char digits[2 * branch_bytes];
  char* at = digits;
  for (const std::byte each : bytes) at = put_hex(at, each);
  return make_branch(shard, std::string_view{digits, at}, end);
}

std::optional<std::uint8_t> shard_of_branch(std::string_view branch) {
  if (!branch.starts_with(branch_start)) return std::nullopt;
  branch.remove_prefix(branch_start.size());
  if (branch.size() <= shard_digits || branch[shard_digits] != '.') return std::nullopt;
  const std::optional<std::string> shard = from_hex(branch.substr(0, shard_digits));
  if (!shard) return std::nullopt;
  return static_cast<std::uint8_t>(shard->front());
}

}  // namespace kith::ua
