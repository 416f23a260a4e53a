#include "server/options.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>

#include "kith/net/clock.h"
#include "server/admin/kerberos.h"

namespace kith::server {

namespace {

auth::Realm realm(const config::Config& config) {
  return {
      .realm = config.auth.realm,
      .fqdn = config.server.host,
      .version = static_cast<auth::SignatureVersion>(config.auth.signature_version),
      .kerberos = config.auth.kerberos,
      .ntlm = config.auth.ntlm,
      .domain = config.server.domains.front(),
      .ntlm_domain = config.auth.ntlm_domain,
      .ntlm_plain = config.auth.ntlm_plain,
      .digest = config.auth.digest,
      .digest_realm = config.auth.digest_realm,
      .digest_uri = config.auth.digest_any_uri ? auth::DigestUri::any : auth::DigestUri::equivalent,
      .nonce_lifetime = config.auth.nonce_lifetime};
}

service::Settings settings(const config::Config& config) {
  service::Settings settings;
  settings.domains = config.server.domains;
  settings.host = config.server.host;
  settings.realm = realm(config);
  settings.list.contacts_max = static_cast<std::size_t>(config.contacts.contacts_max);
  settings.accept_own_older_delta = config.contacts.accept_own_older_delta;
  settings.registration_default = config.registration.lifetime;
  settings.registration_min = config.registration.lifetime_min;
  settings.registration_max = config.registration.lifetime_max;
  settings.subscription_default_min = config.subscription.lifetime_default_min;
  settings.subscription_default_max = config.subscription.lifetime_default_max;
  settings.subscription_min = config.subscription.lifetime_min;
  settings.subscription_max = config.subscription.lifetime_max;
  settings.keep_alive = config.registration.keep_alive;
  return settings;
}

/// Asked on one thread, the accept worker's. A store that cannot be read says so elsewhere.
admin::HasAccount principals_of(store::Store& store) {
  return [reader = std::shared_ptr<store::Reader>(store.reader().value_or(nullptr))](
             const std::string& principal) {
    const auto account = reader ? reader->account_of(principal) : std::nullopt;
    return !account || account->has_value();
  };
}

}  // namespace

ServerOptions options(const admin::Setup& setup, store::Store& store,
                      admin::RefusedTickets& refused) {
  const config::Config& config = setup.config;
  ServerOptions options;
  options.settings = settings(config);
  for (const admin::ListenAddress& each : setup.listen)
    options.listeners.push_back({each.transport, each.address});
  options.shards = config.server.shards > 0
                       ? static_cast<std::size_t>(config.server.shards)
                       : std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, 64);
  if (!config.tls.certificate.empty())
    options.tls = net::TlsFiles{.certificate = config.tls.certificate, .key = config.tls.key};
  options.tls_clients = admin::tls_clients(config.tls);
  if (config.auth.kerberos)
    options.accept =
        admin::counted(admin::acceptor(config, config.server.host), principals_of(store), refused);
  options.endpoint.connection_timer = config.network.authentication_timer;
  options.endpoint.idle_timer = config.network.idle_timer;
  options.endpoint.message_timer = config.network.message_timer;
  options.network.connections_max = static_cast<std::size_t>(config.network.connections_max);
  return options;
}

admin::Running running(Server& server, const admin::RefusedTickets& refused, std::string version,
                       std::function<void()> drain, std::function<void(std::string)> halt) {
  const auto status = [&server, &refused, version = std::move(version),
                       clock = net::UtcClock::read(), started = std::chrono::steady_clock::now()] {
    admin::ServerStatus now{.version = version,
                            .uptime = std::chrono::steady_clock::now() - started,
                            .listeners = {},
                            .shards = server.shard_count(),
                            .network = {},
                            .service = {},
                            .writer = server.writer_statistics(),
                            .refused_tickets = refused.seen(clock.now())};
    for (const Listener& each : server.listeners())
      now.listeners.push_back(admin::ListenAddress{each.transport, each.address}.text());
    const std::vector<ShardStatistics> shards = server.statistics();
    now.shards_silent = now.shards - shards.size();
    for (const ShardStatistics& each : shards) {
      now.service += each.service;
      now.network += each.network;
      now.connections += each.connections;
    }
    return now;
  };
  return {.status = status,
          .user = [&server](const sip::Aor& aor) { return server.user(aor); },
          .account_changed = [&server](const sip::Aor& aor) { server.account_changed(aor); },
          .drain = std::move(drain),
          .halt = std::move(halt)};
}

}  // namespace kith::server
