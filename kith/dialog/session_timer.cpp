#include "kith/dialog/session_timer.h"

#include <algorithm>

#include "kith/sip/header/min_se.h"
#include "kith/sip/header/require.h"
#include "kith/sip/header/session_expires.h"
#include "kith/sip/header/supported.h"

namespace kith::dialog {
namespace {

constexpr std::chrono::seconds least_of_all = 90s;  // RFC 4028 §5
constexpr Duration margin_max = 32s;                // RFC 4028 §10

std::string seconds_text(std::chrono::seconds time) { return std::to_string(time.count()); }

template <class H>
std::optional<typename H::View> view_of(const sip::Message& message) {
  const auto view = message.view<H>();
  return view && *view ? std::optional{**view} : std::nullopt;
}

bool knows_timers(const sip::Message& request) {
  return sip::lists<sip::Supported>(request, "timer");
}

}  // namespace

void ask_for_timer(sip::Message& request, const SessionWish& wish) {
  if (request.has<sip::SessionExpires>()) return;
  if (!knows_timers(request)) request.add("Supported", "timer");
  request.add("Session-Expires", seconds_text(wish.interval));
  if (wish.least > least_of_all) request.add("Min-SE", seconds_text(wish.least));
}

std::optional<std::chrono::seconds> too_short(const sip::Message& request,
                                              const SessionWish& wish) {
  const auto asked = view_of<sip::SessionExpires>(request);
  const std::chrono::seconds least = std::max(wish.least, least_of_all);
  if (!asked || !knows_timers(request) || std::chrono::seconds(asked->seconds) >= least)
    return std::nullopt;
  return least;
}

void grant_timer(sip::Message& response, const sip::Message& request, const SessionWish& wish) {
  if (response.has<sip::SessionExpires>()) return;
  const bool knows = knows_timers(request);
  const auto asked = view_of<sip::SessionExpires>(request);
  const auto least = view_of<sip::MinSE>(request);
  std::chrono::seconds interval = wish.interval;
  if (asked) interval = std::min(interval, std::chrono::seconds(asked->seconds));
  if (least) interval = std::max(interval, std::chrono::seconds(least->seconds));
  interval = std::max({interval, wish.least, least_of_all});
  const bool they_refresh =
      knows && (!asked || asked->refresher().value_or(sip::Refresher::uac) == sip::Refresher::uac);
  response.add("Session-Expires",
               seconds_text(interval) + (they_refresh ? ";refresher=uac" : ";refresher=uas"));
  if (they_refresh && !sip::lists<sip::Require>(response, "timer"))
    response.add("Require", "timer");
}

void SessionTimer::agreed(const sip::Message& response, Side request, Time now) {
  refresh_at_ = never;
  over_at_ = never;
  const auto expires = view_of<sip::SessionExpires>(response);
  if (!expires) return;
  const sip::Refresher refresher = expires->refresher().value_or(sip::Refresher::uas);
  const bool we_refresh = (request == Side::ours) == (refresher == sip::Refresher::uac);
  const Duration interval = std::max(std::chrono::seconds(expires->seconds), least_of_all);
  if (we_refresh) refresh_at_ = now + interval / 2;
  over_at_ = now + interval - (we_refresh ? Duration{} : std::min(interval / 3, margin_max));
}

}  // namespace kith::dialog
