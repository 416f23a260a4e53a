#include "server/admin/refused_tickets.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <optional>
#include <utility>

#include "kith/net/clock.h"
#include "server/admin/report.h"

namespace kith::admin {

namespace {

using Kind = auth::AcceptFailure::Kind;

constexpr RefusalKind no_account = std::nullopt;

constexpr std::array<RefusalKind, 9> all_kinds{
    Kind::bad_token, Kind::wrong_principal, Kind::no_keytab,   Kind::wrong_key, Kind::clock_skew,
    Kind::replay,    Kind::wrong_password,  Kind::unavailable, no_account};

std::string_view word(RefusalKind kind) {
  return kind ? auth::to_string(*kind) : std::string_view("no account");
}

/// After so long without another one, somebody has put it right.
constexpr Duration lately = 1h;

std::string_view remedy(RefusalKind kind) {
  if (!kind) return "kithctl user principal add USER PRINCIPAL lets it sign in";
  switch (*kind) {
    case Kind::bad_token:
    case Kind::replay:
    case Kind::wrong_password:
    case Kind::unavailable:
      return {};
    case Kind::wrong_principal:
      return "let auth.principal, server.host and the key in the keytab be of one name";
    case Kind::no_keytab:
      return "export the service's key to auth.keytab and let the server's user read it";
    case Kind::wrong_key:
      return "export the keytab anew, for the service's key has changed since";
    case Kind::clock_skew:
      return "let the client and the server both run NTP";
  }
  std::unreachable();
}

std::int64_t whole_seconds(Duration duration) {
  return std::chrono::duration_cast<std::chrono::seconds>(duration).count();
}

std::size_t place(RefusalKind kind) {
  return static_cast<std::size_t>(std::ranges::find(all_kinds, kind) - all_kinds.begin());
}

}  // namespace

void RefusedTickets::note(RefusalKind kind, const std::string& detail, Time now) {
  const std::scoped_lock lock(mutex_);
  Entry& entry = entries_.at(place(kind));
  if (entry.count++ == 0) entry.first = now;
  entry.last = now;
  entry.detail = detail;
}

std::vector<Refusals> RefusedTickets::seen(Time now) const {
  const std::scoped_lock lock(mutex_);
  std::vector<Refusals> seen;
  for (const RefusalKind kind : all_kinds) {
    const Entry& entry = entries_.at(place(kind));
    if (entry.count == 0) continue;
    seen.push_back({.kind = kind,
                    .count = entry.count,
                    .since_first = now - entry.first,
                    .since_last = now - entry.last,
                    .detail = entry.detail});
  }
  return seen;
}

Accept counted(Accept accept, HasAccount has_account, RefusedTickets& refused) {
  return [accept = std::move(accept), has_account = std::move(has_account), &refused,
          clock = net::UtcClock::read()](std::string_view token) {
    auth::AcceptResult result = accept(token);
    if (!result)
      refused.note(result.error().kind, result.error().detail, clock.now());
    else if (!has_account(result->principal))
      refused.note(no_account, result->principal, clock.now());
    return result;
  };
}

bool is_urgent(const Refusals& refusals) {
  return refusals.kind && !remedy(refusals.kind).empty() && refusals.since_last < lately;
}

std::string sentence(const Refusals& refusals, Time now) {
  std::string text =
      fmt::format("{} {} refused ({}) since {} ago, the last {} ago: {}", refusals.count,
                  refusals.count == 1 ? "ticket was" : "tickets were", word(refusals.kind),
                  in_words(refusals.since_first), in_words(refusals.since_last), refusals.detail);
  if (refusals.kind == Kind::clock_skew)
    text +=
        fmt::format("; this server's clock is {:%Y-%m-%dT%H:%M:%SZ}",
                    fmt::gmtime(static_cast<std::time_t>(whole_seconds(now.time_since_epoch()))));
  if (!remedy(refusals.kind).empty()) text.append("; ").append(remedy(refusals.kind));
  return text;
}

json::Value json_of(const Refusals& refusals) {
  return json::Object{{"kind", word(refusals.kind)},
                      {"count", json::count(refusals.count)},
                      {"seconds_since_first", whole_seconds(refusals.since_first)},
                      {"seconds_since_last", whole_seconds(refusals.since_last)},
                      {"detail", refusals.detail},
                      {"remedy", remedy(refusals.kind)}};
}

std::vector<Refusals> refusals_of(const json::Value& array) {
  std::vector<Refusals> all;
  const auto* const values = std::get_if<json::Array>(&array.data);
  if (values == nullptr) return all;
  for (const json::Value& each : *values)
    if (const auto kind = std::ranges::find(all_kinds, each.text("kind"), word);
        kind != all_kinds.end())
      all.push_back({.kind = *kind,
                     .count = static_cast<std::uint64_t>(each.number("count")),
                     .since_first = std::chrono::seconds(each.number("seconds_since_first")),
                     .since_last = std::chrono::seconds(each.number("seconds_since_last")),
                     .detail = each.text("detail")});
  return all;
}

}  // namespace kith::admin
