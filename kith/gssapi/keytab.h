#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "kith/auth/mechanism.h"

namespace kith::gssapi {

/// One key of a keytab, without its bytes.
struct KeytabKey {
  std::string principal;   // "sip/lcs.example.com@EXAMPLE.COM"
  unsigned version = 0;    // kvno
  std::string encryption;  // "aes256-cts-hmac-sha1-96"
};

/// Whether a principal of a keytab, "sip/lcs.example.com@EXAMPLE.COM", is the wanted service, which
/// may leave out the realm.
bool is_service(std::string_view full, std::string_view wanted);

/// All keys of a keytab file, in its order. A failure is a sentence that names file and remedy.
std::expected<std::vector<KeytabKey>, auth::AcceptFailure> keytab_keys(const std::string& path);

/// The keys of one service in a keytab file.
struct KeytabReport {
  std::string principal;  // with its realm
  std::vector<KeytabKey> keys;
};

/// Whether a server can accept tickets for this service with this keytab; the principal may leave
/// its realm to the keytab. A failure is a sentence that names file, service and remedy.
std::expected<KeytabReport, auth::AcceptFailure> check_keytab(const std::string& path,
                                                              std::string_view principal);

}  // namespace kith::gssapi
