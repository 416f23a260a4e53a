#pragma once

#include "kith/base/result.h"
#include "kith/transaction/timers.h"
#include "kith/ua/endpoint.h"
#include "kith/ua/proxy.h"
#include "kith/ua/user_agent.h"

namespace kith::ua {

/// The first setting that cannot be meant, by its name, such as "Timers::t2": it is out of range,
/// or contradicts another.
Result<void> check(const transaction::Timers& timers);
/// Of an endpoint: its timers, what its Via says, the timers of its connections.
Result<void> check(const Config& config);
/// Of a user agent: its endpoint, its names of methods and packages, RFC 4028 §5, §7.1.
Result<void> check(const UserAgentConfig& config);
/// RFC 3261 §16.6 step 11 besides: timer C of a proxy is more than three minutes.
Result<void> check(const ProxyConfig& config);

/// Ends the process, with the name of the setting on standard error, where it is refused: whoever
/// takes settings from a person asks check() before.
void insist(const Result<void>& checked);

/// The configuration as it is, once insist() has let it pass.
template <class Settings>
Settings checked(Settings config) {
  insist(check(config));
  return config;
}

}  // namespace kith::ua
