#pragma once

#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "kith/auth/mechanism.h"
#include "server/config/config.h"

/// What the programs want of Kerberos; the only file here that knows kith/gssapi.
namespace kith::admin {

/// "sip/lcs.example.com": auth.principal, or made of the server's name. `host` is that name.
std::string service_principal(const config::Config& config, const std::string& host);

/// Accepts tokens for that service.
std::function<auth::AcceptResult(std::string_view token)> acceptor(const config::Config& config,
                                                                   const std::string& host);

/// A sentence either way: which keys there are, or what is wrong and the remedy.
std::expected<std::string, std::string> check_keytab(const std::string& keytab,
                                                     const std::string& principal);

/// Principals that a keytab holds keys of, each once; empty where it cannot be read.
std::vector<std::string> principals_in(const std::string& keytab);

/// A key of a keytab.
struct KeytabEntry {
  std::string principal;   // "sip/lcs.example.com@EXAMPLE.COM"
  unsigned version = 0;    // kvno
  std::string encryption;  // "aes256-cts-hmac-sha1-96"
  bool served = false;     // of the service that is asked for
};
/// All keys of a keytab; empty where it cannot be read. The principal may leave its realm to it.
std::vector<KeytabEntry> keytab_entries(const std::string& keytab, const std::string& principal);

}  // namespace kith::admin
