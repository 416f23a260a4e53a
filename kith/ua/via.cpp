#include "kith/ua/via.h"

#include <charconv>
#include <optional>

#include "kith/base/ensure.h"
#include "kith/base/text.h"
#include "kith/transaction/key.h"
#include "kith/ua/endpoint.h"

namespace kith::ua {
namespace {

constexpr std::string_view branch_start = "z9hG4bK";
constexpr std::size_t shard_digits = 2;
constexpr std::uint16_t default_port = 5060;  // RFC 3261 §19.1.2; for TLS nobody needs it here

std::string decimal(std::uint16_t number) { return std::to_string(number); }

// Whether the host of a Via is this address; "[2001:db8::1]" and "2001:DB8:0::1" are the same.
bool is_address(std::string_view host, const Address& address) {
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const std::optional<Address> written = Address::parse_host(host, address.port);
  return written && written->ip == address.ip;
}

}  // namespace

Flow reply_flow(const sip::ViaView& via, const Flow& flow) {
  // Not RFC 3261 §18.2.2: maddr is not followed, or anybody could point our answers at others.
  Flow reply = flow;
  if (!is_stream(flow.transport) && !via.params.has("rport"))
    reply.remote.port = via.port.value_or(default_port);
  return reply;
}

void mark_source(sip::Message& request, const Flow& flow) {
  Result<sip::Via> via = request.require<sip::Via>();
  if (!via) return;
  sip::Params& params = via->params;
  const bool rport = params.has("rport");
  params.remove("received");
  params.remove("ms-received-port");
  params.remove("ms-received-cid");
  if (rport || !is_address(via->host, flow.remote)) params.set("received", flow.remote.host());
  if (rport) params.set("rport", decimal(flow.remote.port));
  if (is_stream(flow.transport)) {
    params.set("ms-received-port", decimal(flow.remote.port));
    params.set("ms-received-cid", connection_id(flow));
  }
  request.replace_first(*via);
}

std::string connection_id(const Flow& flow) {
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof digits, flow.id, 16).ptr;
  return {digits, end};
}

sip::Via our_via(const Flow& flow, std::string_view sent_by, std::string_view branch) {
  sip::Via via;
  via.transport = to_string(flow.transport);
  if (sent_by.empty()) {
    const std::string host = flow.local.host();
    via.host = flow.local.is_v4() ? host : '[' + host + ']';
    if (flow.local.port != 0) via.port = flow.local.port;
  } else {
    // The colons of an IPv6 reference stand between its brackets.
    const std::size_t host_end = sent_by.starts_with('[') ? sent_by.find(']') : 0;
    const std::size_t colon = sent_by.find(':', host_end);
    via.host = sent_by.substr(0, colon);
    if (colon != std::string_view::npos) {
      std::uint16_t port = 0;
      const std::string_view digits = sent_by.substr(colon + 1);
      std::from_chars(digits.data(), digits.data() + digits.size(), port);
      ensure(port != 0);
      via.port = port;
    }
  }
  via.params.set("branch", branch);
  if (!is_stream(flow.transport)) via.params.set("rport");  // RFC 3581 §3
  return via;
}

std::string make_branch(std::uint8_t shard, std::string_view unique) {
  const std::byte digits[1]{static_cast<std::byte>(shard)};
  return std::string{branch_start} + to_hex(digits) + '.' + std::string{unique};
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
