#include "kith/ua/settings.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "kith/base/scanner.h"
#include "kith/sip/method.h"
#include "kith/sip/uri.h"
#include "kith/ua/via.h"

namespace kith::ua {
namespace {

struct Rule {
  bool holds = false;
  std::string_view setting;
};

template <std::size_t count>
Result<void> first_broken(const std::array<Rule, count>& rules) {
  const auto broken = std::ranges::find(rules, false, &Rule::holds);
  if (broken == rules.end()) return {};
  return refuse(Fault::malformed, broken->setting);
}

constexpr bool lasts(Duration time) { return time > Duration{}; }
constexpr bool lasts(const std::optional<Duration>& time) { return !time || lasts(*time); }

bool is_token(std::string_view text) {
  Scanner in(text);
  std::string_view token;
  return in.token(token) && in.at_end();
}

bool are_tokens(const std::vector<std::string>& texts) {
  return std::ranges::all_of(texts, is_token);
}

/// Whether a method can be said to make dialogs: the others do anyhow, are of one that is there, or
/// are known to make none.
bool may_make_dialogs(std::string_view method) {
  using namespace sip::method;
  constexpr std::array<std::string_view, 12> settled{
      ack, bye, cancel, info, invite, notify, options, prack, refer, register_, subscribe, update};
  return std::ranges::find(settled, method) == settled.end();
}

bool are_different(const std::vector<std::string>& texts) {
  return std::ranges::all_of(
      texts, [&](const auto& each) { return std::ranges::count(texts, each) == 1; });
}

/// "host" or "host:port", or empty.
bool is_sent_by(std::string_view text) { return text.empty() || !sender_of(text).text.empty(); }

/// Empty, or the URI of a proxy.
bool is_route(std::string_view text) {
  const auto uri = sip::Uri::parse(text);
  return text.empty() || (uri && (uri->scheme == "sip" || uri->scheme == "sips"));
}

bool is_name(std::string_view text) { return !text.empty() && is_sent_by(text); }

}  // namespace

Result<void> check(const transaction::Timers& timers) {
  return first_broken(std::array{
      Rule{lasts(timers.t1), "Timers::t1"},
      Rule{timers.t2 >= timers.t1, "Timers::t2"},  // RFC 3261 §17.1.2.2
      Rule{lasts(timers.t4), "Timers::t4"},
      // RFC 3261 §17.1.1.2: as long as a server goes on repeating its response, which is timer H.
      Rule{timers.d >= 64 * timers.t1, "Timers::d"},
      Rule{lasts(timers.c), "Timers::c"},
      Rule{timers.trying >= Duration{}, "Timers::trying"},
      Rule{lasts(timers.answer), "Timers::answer"},
      Rule{lasts(timers.answer_invite), "Timers::answer_invite"},
  });
}

Result<void> check(const Config& config) {
  if (const Result<void> timers = check(config.timers); !timers) return timers;
  return first_broken(std::array{
      Rule{is_sent_by(config.sent_by.udp), "SentBy::udp"},
      Rule{is_sent_by(config.sent_by.tcp), "SentBy::tcp"},
      Rule{is_sent_by(config.sent_by.tls), "SentBy::tls"},
      Rule{lasts(config.connection_timer), "Config::connection_timer"},
      Rule{lasts(config.idle_timer), "Config::idle_timer"},
      Rule{lasts(config.message_timer), "Config::message_timer"},
  });
}

Result<void> check(const UserAgentConfig& config) {
  if (const Result<void> endpoint = check(config.endpoint); !endpoint) return endpoint;
  const bool makes_dialogs = config.dialogs != DialogPolicy::none;
  const std::chrono::seconds least = dialog::SessionWish{}.least;
  return first_broken(std::array{
      Rule{lasts(config.early_timer), "UserAgentConfig::early_timer"},
      Rule{are_tokens(config.dialog_methods) && are_different(config.dialog_methods) &&
               std::ranges::all_of(config.dialog_methods, may_make_dialogs) &&
               (makes_dialogs || config.dialog_methods.empty()),
           "UserAgentConfig::dialog_methods"},
      Rule{are_tokens(config.methods), "UserAgentConfig::methods"},
      Rule{std::ranges::all_of(config.names, is_name), "UserAgentConfig::names"},
      Rule{are_tokens(config.packages), "UserAgentConfig::packages"},
      Rule{are_tokens(config.forkable), "UserAgentConfig::forkable"},
      // RFC 4028 §5: Min-SE is at least 90 s; RFC 4028 §7.1: and no more than Session-Expires.
      Rule{!config.session_timer || config.session_timer->least >= least, "SessionWish::least"},
      Rule{!config.session_timer || config.session_timer->interval >= config.session_timer->least,
           "SessionWish::interval"},
  });
}

Result<void> check(const ProxyConfig& config) {
  if (const Result<void> endpoint = check(config.endpoint); !endpoint) return endpoint;
  return first_broken(std::array{
      Rule{config.endpoint.timers.c > 3min, "Timers::c"},  // RFC 3261 §16.6
      Rule{lasts(config.no_answer_timer) &&
               config.no_answer_timer.value_or(Duration{}) <= config.endpoint.timers.c,
           "ProxyConfig::no_answer_timer"},
      Rule{std::ranges::all_of(config.names, is_name), "ProxyConfig::names"},
      Rule{is_route(config.record_route), "ProxyConfig::record_route"},
      Rule{is_route(config.path), "ProxyConfig::path"},
      Rule{are_tokens(config.supported), "ProxyConfig::supported"},
      // Timer C of each, one after the other, is how long an INVITE may stay.
      Rule{config.limits.targets_max > 0 && config.limits.targets_max <= 1000,
           "ProxyLimits::targets_max"},
  });
}

void insist(const Result<void>& checked) {
  if (checked) [[likely]]
    return;
  const std::string setting{checked.error().where};
  std::fprintf(stderr, "kith: %s is out of range, or contradicts another setting\n",
               setting.c_str());
  std::abort();
}

}  // namespace kith::ua
