#include "server/admin/kerberos.h"

#include <krb5.h>

#include <algorithm>
#include <memory>
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
  krb5_context context = nullptr;
  if (krb5_init_context(&context) != 0) return names;
  const std::unique_ptr<_krb5_context, decltype(&krb5_free_context)> owner(context,
                                                                           &krb5_free_context);
  krb5_keytab open = nullptr;
  if (krb5_kt_resolve(context, ("FILE:" + keytab).c_str(), &open) != 0) return names;
  krb5_kt_cursor cursor = nullptr;
  if (krb5_kt_start_seq_get(context, open, &cursor) == 0) {
    krb5_keytab_entry entry{};
    while (krb5_kt_next_entry(context, open, &entry, &cursor) == 0) {
      char* name = nullptr;
      if (krb5_unparse_name(context, entry.principal, &name) == 0) {
        if (std::ranges::find(names, name) == names.end()) names.emplace_back(name);
        krb5_free_unparsed_name(context, name);
      }
      krb5_free_keytab_entry_contents(context, &entry);
    }
    krb5_kt_end_seq_get(context, open, &cursor);
  }
  krb5_kt_close(context, open);
  return names;
}

}  // namespace kith::admin
