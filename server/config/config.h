#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "kith/base/time.h"
#include "kith/base/transport.h"

/// kith.toml: every key has a default, unknown keys are errors.
namespace kith::config {

struct ServerSection {
  std::string host;  // empty: the machine's name
  std::vector<std::string> domains;
  std::vector<std::string> listen{"udp:0.0.0.0:5060", "tcp:0.0.0.0:5060"};
  std::int64_t shards = 0;  // 0: one a core
};

struct TlsSection {
  std::string certificate;
  std::string key;
  std::string client_certificates = "off";
  std::string client_authorities;  // empty: the machine's
};

struct StorageSection {
  std::string database = "/var/lib/kith/kith.db";
};

struct AdminSection {
  std::string socket = "/run/kith/admin.sock";
};

struct AuthSection {
  std::string realm = "SIP Communications Service";
  std::int64_t signature_version = 4;
  bool kerberos = false;
  std::string keytab = "/etc/kith/kith.keytab";
  std::string principal;  // empty: sip/<server.host>
  bool ntlm = false;
  std::string ntlm_domain;  // empty: made of the first domain
  bool ntlm_plain = false;
  bool digest = true;
  std::string digest_realm;  // empty: the first domain
  bool digest_any_uri = false;
  Duration nonce_lifetime = 10min;
};

struct ContactsSection {
  std::int64_t contacts_max = 250;
  bool accept_own_older_delta = true;
};

struct RegistrationSection {
  Duration lifetime = 7200s;
  Duration lifetime_min = 60s;
  Duration lifetime_max = 86400s;
  Duration keep_alive = 300s;
};

struct SubscriptionSection {
  Duration lifetime_default_min = 24000s;
  Duration lifetime_default_max = 39600s;
  Duration lifetime_min = 60s;
  Duration lifetime_max = 86400s;
};

struct NetworkSection {
  Duration authentication_timer = 10s;
  Duration idle_timer = 480s;
  Duration message_timer = 30s;
  std::int64_t connections_max = 50'000;
};

struct LogSection {
  std::string format = "logfmt";
  std::string level = "info";
};

struct Config {
  ServerSection server;
  TlsSection tls;
  StorageSection storage;
  AdminSection admin;
  AuthSection auth;
  ContactsSection contacts;
  RegistrationSection registration;
  SubscriptionSection subscription;
  NetworkSection network;
  LogSection log;
};

/// One thing that is wrong: where, what, and what to do about it.
struct Problem {
  std::string where;  // "kith.toml:12"; "kith.toml" for what is not there
  std::string sentence;
  std::uint32_t line = 0;  // of the file; 0 for none

  std::string text() const { return where + ": " + sentence; }
};

/// Reads and checks the text; every problem at once. `name` is what problems call the file.
std::expected<Config, std::vector<Problem>> parse(std::string_view text, std::string_view name);
std::expected<Config, std::vector<Problem>> read(const std::filesystem::path& file);

/// The whole effective configuration as TOML, a comment above each key. parse() reads it back.
std::string write(const Config& config);

/// A documentation entry per key, for the manual page: "section.key", default, meaning.
struct KeyDescription {
  std::string key;
  std::string default_value;
  std::string_view meaning;
};
std::vector<KeyDescription> describe();

}  // namespace kith::config
