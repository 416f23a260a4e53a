#include "server/admin/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>

#include "kith/net/clock.h"

namespace kith::admin {

namespace {

json::Value json_of(const store::Counts& counts) {
  return json::Object{{"accounts", json::count(counts.accounts)},
                      {"contacts", json::count(counts.contacts)},
                      {"groups", json::count(counts.groups)},
                      {"bindings", json::count(counts.bindings)}};
}

std::string text_of(const store::Counts& counts) {
  return fmt::format("{}, {}, {}, {}", number_of(counts.accounts, "user"),
                     number_of(counts.contacts, "contact"), number_of(counts.groups, "group"),
                     number_of(counts.bindings, "binding"));
}

json::Value json_of(const net::Counters& network) {
  return json::Object{{"accepted", json::count(network.accepted)},
                      {"connections_refused", json::count(network.connections_refused)},
                      {"accept_pauses", json::count(network.accept_pauses)},
                      {"handshakes_failed", json::count(network.handshakes_failed)},
                      {"overflows", json::count(network.overflows)},
                      {"datagrams_dropped", json::count(network.datagrams_dropped)},
                      {"received_bytes", json::count(network.received_size_bytes)},
                      {"sent_bytes", json::count(network.sent_size_bytes)}};
}

/// What went wrong is said only where it did.
std::string text_of(const net::Counters& network) {
  std::string text = fmt::format("{} in, {} out, {} connections taken",
                                 bytes_in_words(network.received_size_bytes),
                                 bytes_in_words(network.sent_size_bytes), network.accepted);
  const auto unless_none = [&text](std::uint64_t count, std::string_view what) {
    if (count > 0) fmt::format_to(std::back_inserter(text), ", {} {}", count, what);
  };
  unless_none(network.connections_refused, "refused as too many");
  unless_none(network.accept_pauses, "times no descriptor left");
  unless_none(network.handshakes_failed, "TLS handshakes failed");
  unless_none(network.overflows, "cut off because they did not read");
  unless_none(network.datagrams_dropped, "datagrams not sent");
  return text;
}

json::Value json_of(const ServerStatus& server) {
  json::Array refused;
  for (const Refusals& each : server.refused_tickets) refused.push_back(json_of(each));
  return json::Object{
      {"version", server.version},
      {"uptime_seconds", std::chrono::duration_cast<std::chrono::seconds>(server.uptime).count()},
      {"listeners", json::texts(server.listeners)},
      {"shards", json::count(server.shards)},
      {"shards_silent", json::count(server.shards_silent)},
      {"connections", json::count(server.connections)},
      {"network", json_of(server.network)},
      {"users", json::count(server.service.users)},
      {"devices", json::count(server.service.devices)},
      {"subscriptions", json::count(server.service.subscriptions)},
      {"associations", json::count(server.service.associations)},
      {"held", json::count(server.service.held)},
      {"requests", json::count(server.service.requests)},
      {"refused_by_store", json::count(server.service.refused_by_store)},
      {"notifications", json::count(server.service.notifications)},
      {"too_large", json::count(server.service.too_large)},
      {"writer", json::Object{{"commits", json::count(server.writer.commits)},
                              {"batches", json::count(server.writer.batches)},
                              {"refused", json::count(server.writer.refused)},
                              {"largest", json::count(server.writer.largest)},
                              {"queued", json::count(server.writer.queued)}}},
      {"refused_tickets", std::move(refused)}};
}

void append(std::string& out, const ServerStatus& server) {
  const service::Statistics& s = server.service;
  fmt::format_to(std::back_inserter(out),
                 "server         kithd {}, up for {}, {} shards, {} connections\n"
                 "listening      {}\n"
                 "network        {}\n"
                 "in memory      {} users, {} devices, {} subscriptions, {} associations\n"
                 "requests       {}, of which {} wait for the disk and {} were refused by it\n"
                 "notifications  {}\n",
                 server.version, in_words(server.uptime), server.shards, server.connections,
                 joined(server.listeners, " "), text_of(server.network), s.users, s.devices,
                 s.subscriptions, s.associations, s.requests, s.held, s.refused_by_store,
                 s.notifications);
  fmt::format_to(std::back_inserter(out),
                 "writer         {} operations in {} commits, at most {} in one, {} refused, {} "
                 "queued\n",
                 server.writer.batches, server.writer.commits, server.writer.largest,
                 server.writer.refused, server.writer.queued);
  for (const Refusals& each : server.refused_tickets)
    fmt::format_to(std::back_inserter(out), "tickets        {}\n",
                   sentence(each, net::UtcClock::read().now()));
}

std::string without_last_newline(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

std::string how_signs_in(const store::Account& account, const std::string& digest_realm) {
  std::vector<std::string> ways = account.principals;
  if (!account.ha1_md5.empty() || !account.ha1_sha256.empty())
    ways.push_back(account.digest_realm == digest_realm
                       ? "password"
                       : "password (of realm " + account.digest_realm + ": set it again)");
  if (!account.nt_hash.empty()) ways.emplace_back("NTLM");
  if (!account.enabled) ways.emplace_back("disabled");
  return joined(ways, ", ");
}

/// A sentence for each thing that the server cannot do now.
std::vector<std::string> troubles_of(const std::optional<ServerStatus>& server,
                                     const store::Health& health,
                                     const std::expected<store::Counts, store::Trouble>& counts) {
  std::vector<std::string> troubles;
  if (server && server->shards_silent > 0)
    troubles.push_back(
        fmt::format("{} of {} shards do not answer", server->shards_silent, server->shards));
  if (!counts) troubles.push_back("the database cannot be read: " + counts.error().sentence);
  if (!health.writable) troubles.push_back("changes are answered 503: " + health.sentence);
  return troubles;
}

}  // namespace

std::string joined(const std::vector<std::string>& all, std::string_view between) {
  return fmt::format("{}", fmt::join(all, between));
}

std::string number_of(std::uint64_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string in_words(Duration duration) {
  struct Unit {
    std::chrono::seconds size;
    std::string_view name;
  };
  static constexpr std::array units{Unit{86400s, "d"}, Unit{3600s, "h"}, Unit{60s, "min"},
                                    Unit{1s, "s"}};
  auto left = std::chrono::duration_cast<std::chrono::seconds>(duration);
  for (std::size_t i = 0; i + 1 < units.size(); ++i) {
    if (left < units[i].size) continue;
    const auto large = left / units[i].size;
    return fmt::format("{} {} {} {}", large, units[i].name,
                       (left % units[i].size) / units[i + 1].size, units[i + 1].name);
  }
  return fmt::format("{} s", left.count());
}

std::string bytes_in_words(std::uint64_t bytes) {
  static constexpr std::array units{"bytes", "kB", "MB", "GB", "TB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1000 && unit + 1 < units.size(); ++unit) value /= 1000;
  return unit == 0 ? fmt::format("{} bytes", bytes) : fmt::format("{:.1f} {}", value, units[unit]);
}

Answer report(const std::vector<store::Account>& accounts, const std::string& digest_realm) {
  json::Array all;
  std::string text;
  std::size_t width = 0;
  for (const store::Account& each : accounts) width = std::max(width, each.aor.value.size());
  for (const store::Account& each : accounts) {
    const bool has_password = !each.ha1_md5.empty() || !each.ha1_sha256.empty();
    all.emplace_back(json::Object{{"user", each.aor.value},
                                  {"name", each.display_name},
                                  {"principals", json::texts(each.principals)},
                                  {"password", has_password},
                                  {"ntlm", !each.nt_hash.empty()},
                                  {"enabled", each.enabled}});
    text += fmt::format("{:{}}  {}{}{}\n", each.aor.value, width, each.display_name,
                        each.display_name.empty() ? "" : "  ", how_signs_in(each, digest_realm));
  }
  if (accounts.empty()) text = "no users; add one with kithctl user add";
  return {.code = Code::done,
          .text = without_last_newline(std::move(text)),
          .result = json::Object{{"users", std::move(all)}}};
}

Answer report(const sip::Aor& aor, const contacts::List& list, const service::UserView* view) {
  json::Array groups;
  json::Array all;
  std::string text = fmt::format("{}, version {}\n", aor.value, list.version().value);
  for (const contacts::Group& group : list.groups()) {
    groups.emplace_back(json::Object{{"id", json::count(group.id.value)},
                                     {"name", group.name},
                                     {"external_uri", group.external_uri}});
    text += fmt::format("group {:<2} {}\n", group.id.value,
                        group.id == contacts::default_group_id ? "(no group)" : group.name);
  }
  for (const contacts::Contact& contact : list.contacts()) {
    json::Array ids;
    std::vector<std::string> names;
    for (const contacts::GroupId id : contact.groups) {
      ids.emplace_back(json::count(id.value));
      names.push_back(std::to_string(id.value));
    }
    text += fmt::format("{}  {}  in {}{}\n", contact.uri, contact.name, joined(names, ", "),
                        contact.subscribed ? "" : "  (not watched)");
    all.emplace_back(json::Object{{"uri", contact.uri},
                                  {"name", contact.name},
                                  {"groups", std::move(ids)},
                                  {"subscribed", contact.subscribed},
                                  {"external_uri", contact.external_uri},
                                  {"extension", contact.extension}});
  }
  json::Object result{{"user", aor.value},
                      {"version", json::count(list.version().value)},
                      {"groups", std::move(groups)},
                      {"contacts", std::move(all)}};
  if (view != nullptr) {
    result.emplace_back("devices", json::count(view->devices.size()));
    result.emplace_back("subscriptions", json::count(view->subscriptions));
    text += fmt::format("{}, {}\n", number_of(view->devices.size(), "device"),
                        number_of(view->subscriptions, "subscription"));
  }
  return {.code = Code::done,
          .text = without_last_newline(std::move(text)),
          .result = std::move(result)};
}

Answer report(const sip::Aor& aor, const std::vector<service::Device>& devices, Time now) {
  json::Array all;
  std::string text;
  for (const auto& [binding, flow, knows_presence] : devices) {
    const Duration left = binding.expires - now;
    if (left <= Duration{}) continue;
    const std::string name = !binding.epid.empty()       ? "epid " + binding.epid
                             : !binding.instance.empty() ? binding.instance
                                                         : "a plain client";
    text +=
        fmt::format("{}  {}  from {}, for {} more, {}\n", name, binding.contact, binding.flow,
                    in_words(left), binding.user_agent.empty() ? "of no name" : binding.user_agent);
    all.emplace_back(json::Object{
        {"epid", binding.epid},
        {"instance", binding.instance},
        {"contact", binding.contact},
        {"from", binding.flow},
        {"connected", flow.id != 0},
        {"user_agent", binding.user_agent},
        {"expires_seconds", std::chrono::duration_cast<std::chrono::seconds>(left).count()}});
  }
  if (all.empty()) text = "no device of " + aor.value + " is signed in";
  return {.code = Code::done,
          .text = without_last_newline(std::move(text)),
          .result = json::Object{{"user", aor.value}, {"devices", std::move(all)}}};
}

Answer report(const std::optional<ServerStatus>& server, const store::Health& health,
              const std::expected<store::Counts, store::Trouble>& counts) {
  const std::vector<std::string> troubles = troubles_of(server, health, counts);
  std::string text;
  json::Object result{{"running", server.has_value()},
                      {"well", troubles.empty()},
                      {"troubles", json::texts(troubles)}};
  if (server) {
    append(text, *server);
    result.emplace_back("server", json_of(*server));
  } else {
    text += "server         not running\n";
  }
  json::Object kept{{"file", health.file},
                    {"writable", health.writable},
                    {"cause", store::to_string(health.cause)},
                    {"sentence", health.sentence},
                    {"database_bytes", json::count(health.database_bytes)},
                    {"log_bytes", json::count(health.log_bytes)}};
  if (counts) {
    text += fmt::format("stored         {}; {} and a log of {}\n", text_of(*counts),
                        bytes_in_words(health.database_bytes), bytes_in_words(health.log_bytes));
    kept.emplace_back("counts", json_of(*counts));
  }
  if (health.writable && !health.sentence.empty())
    text += fmt::format("note           {}\n", health.sentence);
  for (const std::string& each : troubles) text += fmt::format("NOT WELL       {}\n", each);
  result.emplace_back("store", std::move(kept));
  return {.code = troubles.empty() ? Code::done : Code::no,
          .text = without_last_newline(std::move(text)),
          .result = std::move(result)};
}

Answer report(const store::Counts& counts, const std::string& done) {
  return {.code = Code::done,
          .text = done + ": " + text_of(counts),
          .result = json::Object{{"done", done}, {"counts", json_of(counts)}}};
}

}  // namespace kith::admin
