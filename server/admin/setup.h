#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "kith/base/address.h"
#include "kith/base/transport.h"
#include "kith/net/tls_context.h"
#include "server/config/config.h"

/// What a configuration means on this machine.
namespace kith::admin {

struct ListenAddress {
  Transport transport = Transport::tcp;
  Address address;

  bool operator==(const ListenAddress&) const = default;
  std::string text() const;  // "tcp:192.0.2.1:5060"
};

/// "tcp:192.0.2.1:5060", "udp:[2001:db8::1]:0"; or a sentence.
std::expected<ListenAddress, std::string> parse_listen(std::string_view text);
/// "192.0.2.1:5060", "[::]:0"
std::expected<Address, std::string> parse_address(std::string_view text);

/// Reads the file, fills in what was left to this machine, resolves paths that are relative to the
/// file, and parses what the file keeps as text; or every problem with it, one a line.
struct Setup {
  config::Config config;
  std::vector<ListenAddress> listen;
};
std::expected<Setup, std::string> load(const std::filesystem::path& file);

/// What clients that connect by TLS are asked for.
net::TlsClients tls_clients(const config::TlsSection& tls);

/// How to start the server that has this configuration: "kithd --config kith.toml".
std::string start_of(const std::filesystem::path& config);

/// The machine's name with its domain, as far as the machine knows it.
std::string machine_name();

/// The host of "sip/host" or "sip/host@REALM"; empty for any other principal.
std::string host_of(std::string_view principal);

}  // namespace kith::admin
