#include "server/admin/kerberos.h"

#include <algorithm>
#include <utility>

#include "kith/gssapi/acceptor.h"
#include "kith/gssapi/keytab.h"
#include "kith/net/clock.h"

namespace kith::admin {

std::string service_principal(const config::Config& config, const std::string& host) {
  return config.auth.principal.empty() ? "sip/" + host : config.auth.principal;
}

std::function<auth::AcceptResult(std::string_view token)> acceptor(const config::Config& config,
                                                                   const std::string& host) {
  // Each token is looked at with the time of day as it is then: a clock that was set right helps.
  return [acceptor = gssapi::Acceptor({.keytab = config.auth.keytab,
                                       .principal = service_principal(config, host),
                                       .replay_cache = {}})](std::string_view token) {
    return acceptor.accept(token, net::UtcClock::read().now());
  };
}

std::expected<std::string, std::string> check_keytab(const std::string& keytab,
                                                     const std::string& principal) {
  const auto report = gssapi::check_keytab(keytab, principal);
  if (!report) return std::unexpected(report.error().detail);
  std::string text = report->principal;
  for (const gssapi::KeytabKey& key : report->keys)
    text += ", version " + std::to_string(key.version) + " " + key.encryption;
  return text;
}

std::vector<std::string> principals_in(const std::string& keytab) {
  std::vector<std::string> names;
  if (const auto keys = gssapi::keytab_keys(keytab))
    for (const gssapi::KeytabKey& key : *keys)
      if (std::ranges::find(names, key.principal) == names.end()) names.push_back(key.principal);
  return names;
}

std::vector<KeytabEntry> keytab_entries(const std::string& keytab, const std::string& principal) {
  std::vector<KeytabEntry> entries;
  const auto keys = gssapi::keytab_keys(keytab);
  if (!keys) return entries;
  for (const gssapi::KeytabKey& key : *keys)
    entries.push_back({.principal = key.principal,
                       .version = key.version,
                       .encryption = key.encryption,
                       .served = gssapi::is_service(key.principal, principal)});
  return entries;
}

}  // namespace kith::admin
