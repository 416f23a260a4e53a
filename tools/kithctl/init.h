#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "server/admin/message.h"

namespace kith::ctl {

struct InitOptions {
  std::vector<std::string> domains;
  std::string host;
  std::string keytab;
  std::string principal;
  bool ntlm = false;
  bool digest = false;  // beside Kerberos; without a keytab always
  std::string certificate;
  std::string key;
  std::vector<std::string> listen;  // "IP:PORT" for UDP and TCP, or "transport:IP:PORT"
  std::string data = "/var/lib/kith";
  std::string control;  // empty: the default
  bool force = false;
};

/// Writes a configuration, makes the database, and says what to publish and to do next.
admin::Answer init(const InitOptions& options, const std::filesystem::path& file);

}  // namespace kith::ctl
