#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kith/auth/realm.h"
#include "kith/base/time.h"
#include "kith/contacts/limits.h"

namespace kith::service {

/// How this server behaves towards its users; from kith.toml, the same on every shard.
struct Settings {
  std::vector<std::string> domains;  // lower case; addresses of record are served in these
  std::string host;                  // our own name, for Contact and ms-diagnostics
  auth::Realm realm;

  contacts::Limits list;
  /// A client that counts by itself may believe in an older version when only its own changes came
  /// since. On: such a change is taken as if it named the current one.
  bool accept_own_older_delta = true;

  Duration registration_default = 7200s;
  Duration registration_min = 60s;
  Duration registration_max = 86400s;
  /// What a client that names no time gets, somewhere between the two, so that refreshes spread.
  Duration subscription_default_min = 24000s;
  Duration subscription_default_max = 39600s;
  Duration subscription_min = 60s;
  Duration subscription_max = 86400s;
  /// How often a client is asked to send CR LF CR LF on a connection that is silent.
  Duration keep_alive = 300s;
};

}  // namespace kith::service
