#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "kith/base/time.h"
#include "server/admin/kerberos.h"
#include "server/admin/message.h"
#include "server/admin/setup.h"

/// Whether a server could do its work here. Nothing is opened for business.
namespace kith::admin {

struct Check {
  enum class Outcome { ok, failed, note };
  Outcome outcome = Outcome::ok;
  std::string name;
  std::string sentence;  // what was found; if failed, with the remedy
};

/// Configuration, database, keytab, certificate: `kithd --check`.
std::vector<Check> check(const std::filesystem::path& file);
/// And disk space, clock, ports, a running server's state, DNS: `kithctl doctor`.
std::vector<Check> examine(const std::filesystem::path& file);

/// Why nobody could listen there now; nothing if somebody could. Shards share their ports with
/// SO_REUSEPORT, so without this look two servers of one user would share them, too.
std::optional<std::string> port_trouble(const ListenAddress& listen);

/// What there is in a keytab, a line for each principal: versions and encryption types of the
/// served one, and the keys that nobody has a use for.
std::vector<Check> of_keytab(const std::vector<KeytabEntry>& keys, const std::string& keytab);

/// What a running server's answer to `status` says: its troubles, and the tickets it refused.
std::vector<Check> of_running(const Answer& status, const std::string& socket, Time now);

/// The accounts that have none of what the configuration lets somebody sign in with, of the answer
/// to `user list`.
std::vector<Check> of_accounts(const Answer& users, const config::Config& config);

bool all_well(const std::vector<Check>& checks);
/// "ok      database  …", a line each.
Answer report(const std::vector<Check>& checks);

}  // namespace kith::admin
