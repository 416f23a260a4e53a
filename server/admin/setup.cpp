#include "server/admin/setup.h"

#include <netdb.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <memory>

#include "kith/base/text.h"

namespace kith::admin {

namespace {

constexpr std::string_view form = "; write it as tcp:192.0.2.1:5060 or udp:[2001:db8::1]:5060";

void resolve(std::string& path, const std::filesystem::path& folder) {
  if (!path.empty() && path.front() != '/') path = (folder / path).lexically_normal().string();
}

std::string all_of(const std::vector<config::Problem>& problems) {
  std::string text;
  for (const config::Problem& each : problems) text += (text.empty() ? "" : "\n") + each.text();
  return text;
}

}  // namespace

std::string ListenAddress::text() const {
  return to_lower(to_string(transport)) + ":" + address.text();
}

std::expected<Address, std::string> parse_address(std::string_view text) {
  const auto no = [&](std::string_view why) {
    return std::unexpected("\"" + std::string(text) + "\" " + std::string(why));
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return no("has no port");
  const std::string_view digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc{} || end != digits.data() + digits.size())
    return no("has no port from 0 to 65535");
  std::string_view host = text.substr(0, colon);
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (host.contains(':') && !bracketed) return no("needs brackets around its IPv6 address");
  const std::optional<Address> address = Address::parse_host(host, port);
  if (!address) return no("has no IP address before the port");
  return *address;
}

std::expected<ListenAddress, std::string> parse_listen(std::string_view text) {
  for (const Transport transport : {Transport::udp, Transport::tcp, Transport::tls}) {
    const std::string prefix = to_lower(to_string(transport)) + ":";
    if (!text.starts_with(prefix)) continue;
    const auto address = parse_address(text.substr(prefix.size()));
    if (!address)
      return std::unexpected(std::string(text) + ": " + address.error() + std::string(form));
    return ListenAddress{transport, *address};
  }
  return std::unexpected("\"" + std::string(text) +
                         "\" begins with none of udp:, tcp:, tls:" + std::string(form));
}

std::string start_of(const std::filesystem::path& config) {
  return config == "/etc/kith/kith.toml" ? "systemctl start kithd"
                                         : "kithd --config " + config.string();
}

std::string machine_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "localhost";
  addrinfo hints{};
  hints.ai_flags = AI_CANONNAME;
  addrinfo* found = nullptr;
  if (::getaddrinfo(name.data(), nullptr, &hints, &found) != 0) return to_lower(name.data());
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  return to_lower(found->ai_canonname != nullptr ? found->ai_canonname : name.data());
}

std::string host_of(std::string_view principal) {
  constexpr std::string_view service = "sip/";
  if (!principal.starts_with(service)) return {};
  principal.remove_prefix(service.size());
  return to_lower(principal.substr(0, principal.find('@')));
}

std::expected<Setup, std::string> load(const std::filesystem::path& file) {
  auto config = config::read(file);
  if (!config) return std::unexpected(all_of(config.error()));
  Setup setup{.config = *std::move(config), .listen = {}};
  config::Config& c = setup.config;
  if (c.server.host.empty()) c.server.host = host_of(c.auth.principal);
  if (c.server.host.empty()) c.server.host = machine_name();
  if (c.auth.digest_realm.empty()) c.auth.digest_realm = c.server.domains.front();
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::absolute(file, error).parent_path();
  for (std::string* const path : {&c.tls.certificate, &c.tls.key, &c.tls.client_authorities,
                                  &c.storage.database, &c.admin.socket, &c.auth.keytab})
    resolve(*path, folder);
  std::vector<config::Problem> problems;
  if (c.server.listen.empty())
    problems.push_back(
        {"server.listen", "name at least one, as in listen = [\"tcp:0.0.0.0:5060\"]"});
  for (const std::string& each : c.server.listen) {
    const auto listen = parse_listen(each);
    if (!listen)
      problems.push_back({"server.listen", listen.error()});
    else if (listen->transport == Transport::tls && c.tls.certificate.empty())
      problems.push_back({"server.listen", each + " needs tls.certificate and tls.key"});
    else
      setup.listen.push_back(*listen);
  }
  if (!problems.empty()) return std::unexpected(all_of(problems));
  return setup;
}

net::TlsClients tls_clients(const config::TlsSection& tls) {
  using enum net::TlsClients::Certificate;
  const bool asks = tls.client_certificates == "asked";
  return {.certificate = tls.client_certificates == "required" ? required
                         : asks                                ? requested
                                                               : unasked,
          .trust = {.authorities = tls.client_authorities}};
}

}  // namespace kith::admin
