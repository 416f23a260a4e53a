#pragma once

#include <string>
#include <string_view>

#include "kith/auth/mechanism.h"
#include "kith/base/time.h"

namespace kith::gssapi {

/// Where the keys of a service are, and which of them are used.
struct AcceptorSettings {
  std::string keytab;        // path
  std::string principal;     // "sip/lcs.example.com"; the realm may be left to the keytab
  std::string replay_cache;  // "file2:/var/lib/kith/replay"; empty: the library's own place
};

/// Accepts Kerberos tokens with the keys of a keytab, which is read each time, so a new one needs
/// no restart. Blocks on files: for a worker thread. May be called from several threads at once.
class Acceptor {
 public:
  explicit Acceptor(AcceptorSettings settings) : settings_(std::move(settings)) {}

  /// The context may be used on another thread, by one at a time.
  auth::AcceptResult accept(std::string_view token, Time now) const;

 private:
  AcceptorSettings settings_;
};

}  // namespace kith::gssapi
