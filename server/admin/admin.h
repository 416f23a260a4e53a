#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "kith/base/time.h"
#include "kith/net/counters.h"
#include "server/admin/message.h"
#include "server/admin/refused_tickets.h"
#include "server/config/config.h"
#include "server/service/core.h"
#include "server/store/store.h"
#include "server/store/writer.h"

namespace kith::admin {

/// What a running server says of itself.
struct ServerStatus {
  std::string version;
  Duration uptime{};
  std::vector<std::string> listeners;  // "tcp:192.0.2.1:5060"
  std::size_t shards = 0;
  std::size_t shards_silent = 0;  // that did not answer in time
  std::size_t connections = 0;
  net::Counters network;        // since the start; of all shards that answered
  service::Statistics service;  // the same
  store::Writer::Statistics writer;
  std::vector<Refusals> refused_tickets;
};

/// The running server, as far as administration goes. Without one, the same commands work on the
/// database alone.
struct Running {
  std::function<ServerStatus()> status;
  /// Nothing where the user is not in memory.
  std::function<std::optional<service::UserView>(const sip::Aor&)> user;
  std::function<void(const sip::Aor&)> account_changed;
  std::function<void()> drain;
  /// The store does not know what it has: ends the process.
  std::function<void(std::string)> halt;
};

/// What administration needs to know of the configuration.
struct AdminSettings {
  std::vector<std::string> domains;
  std::string digest_realm;
  bool kerberos = true;  // whether somebody can sign in with it
  bool digest = true;
  bool ntlm = false;  // NT hashes are kept only where somebody can sign in with them
};
AdminSettings settings_of(const config::Config& config);

/// The commands of kithctl that concern a database or a server.
class Admin {
 public:
  /// The store outlives it; it may be written to by one thread besides this one only if it is a
  /// LockedStore.
  Admin(AdminSettings settings, store::Store& store, std::optional<Running> running = {})
      : settings_(std::move(settings)), store_(store), running_(std::move(running)) {}

  Answer run(const Request& request);

 private:
  Answer user_add(const Request& request);
  Answer user_list(const Request& request);
  Answer user_passwd(const Request& request);
  Answer user_remove(const Request& request);
  Answer user_enable(const Request& request);
  Answer user_disable(const Request& request);
  Answer user_principal_add(const Request& request);
  Answer user_principal_remove(const Request& request);
  Answer user_devices(const Request& request);
  Answer contacts(const Request& request);
  Answer status(const Request& request);
  Answer backup(const Request& request);
  Answer check(const Request& request);
  Answer drain(const Request& request);

  std::expected<store::Account, Answer> existing(const std::string& user);
  Answer change(const sip::Aor& aor, store::Write write, std::string done);
  Answer set_enabled(const Request& request, bool enabled);
  /// The user as the server has it in memory; nothing where it has not.
  std::optional<service::UserView> in_memory(const sip::Aor& aor) const;
  /// What is not said by the refusal of a new account or principal: who has it.
  std::optional<Answer> taken(const sip::Aor& aor, const std::vector<std::string>& principals);
  void set_password(store::Account& account, const crypto::Secret& password) const;

  AdminSettings settings_;
  store::Store& store_;
  std::optional<Running> running_;
};

}  // namespace kith::admin
