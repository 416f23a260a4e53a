#include "server/admin/doctor.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>

#include "kith/net/clock.h"
#include "kith/net/socket.h"
#include "kith/net/tls_context.h"
#include "server/admin/admin.h"
#include "server/admin/certificate.h"
#include "server/admin/kerberos.h"
#include "server/admin/refused_tickets.h"
#include "server/admin/report.h"
#include "server/admin/socket.h"
#include "server/store/open.h"

namespace kith::admin {

namespace {

using Outcome = Check::Outcome;
using Checks = std::vector<Check>;

/// A disk with less than this for the database is about to be full.
constexpr std::uintmax_t space_min = 100'000'000;
constexpr Duration certificate_warning = std::chrono::days(30);

Check ok(std::string name, std::string found) {
  return {Outcome::ok, std::move(name), std::move(found)};
}
Check failed(std::string name, std::string why) {
  return {Outcome::failed, std::move(name), std::move(why)};
}
Check note(std::string name, std::string what) {
  return {Outcome::note, std::move(name), std::move(what)};
}

std::optional<Answer> answer_of(Call& call, const std::string& command) {
  Request request;
  request.command = command;
  const auto line = call.ask(write(request));
  return line ? parse_answer(*line) : std::nullopt;
}

/// The database that a server has open, as it says; empty for a server that does not say it.
std::string open_database(const Answer& status) {
  const json::Value* const kept = status.result.find("store");
  return kept == nullptr ? std::string() : kept->text("file");
}

/// Whether the server that says so has the configured database open, and not another one.
bool has_open(const Answer& status, const Setup& setup) {
  const std::string open = open_database(status);
  std::error_code error;
  return open == setup.config.storage.database ||
         std::filesystem::equivalent(open, setup.config.storage.database, error);
}

/// A file that no server has open.
Check database_at_rest(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) {
    const std::filesystem::path folder = file.parent_path();
    if (!std::filesystem::is_directory(folder, error))
      return failed("database", "the folder " + folder.string() + " of " + file.string() +
                                    " is not there; make it for the server's user");
    if (::access(folder.c_str(), W_OK | X_OK) != 0)
      return failed("database", "the folder " + folder.string() +
                                    " is not writable for this user; give it to the server's user");
    return note("database", file.string() + " is not there yet; the first start makes it");
  }
  const auto store = store::open({.database = file, .vfs = {}});
  if (!store) return failed("database", store.error().sentence);
  const auto reader = (*store)->reader();
  if (!reader) return failed("database", reader.error().sentence);
  const auto counts = (*reader)->counts();
  if (!counts) return failed("database", counts.error().sentence);
  return ok("database", fmt::format("{}: {} users, {} contacts", file.string(), counts->accounts,
                                    counts->contacts));
}

void database(const Setup& setup, Checks& checks) {
  const std::filesystem::path file = setup.config.storage.database;
  const std::string& socket = setup.config.admin.socket;
  auto call = Call::open(socket);
  if (!call && call.error().kind == CallError::Kind::forbidden) {
    checks.push_back(
        note("database", file.string() + " was not looked at: " + call.error().sentence));
    return;
  }
  const std::optional<Answer> status = call ? answer_of(*call, "status") : std::nullopt;
  if (status && has_open(*status, setup)) {
    checks.push_back(ok("database", file.string() + " is open in the running server"));
    return;
  }
  checks.push_back(database_at_rest(file));
  if (status)
    checks.push_back(note("socket", "the kithd that answers on " + socket +
                                        " has another database " + "open (" +
                                        open_database(*status) +
                                        "); end it before a start with this configuration, or " +
                                        "name another admin.socket"));
}

void kerberos(const Setup& setup, Checks& checks) {
  if (!setup.config.auth.kerberos) return;
  const std::string principal = service_principal(setup.config, setup.config.server.host);
  const auto found = check_keytab(setup.config.auth.keytab, principal);
  if (!found) checks.push_back(failed("keytab", found.error()));
  std::ranges::move(
      of_keytab(keytab_entries(setup.config.auth.keytab, principal), setup.config.auth.keytab),
      std::back_inserter(checks));
  if (host_of(principal) != setup.config.server.host)
    checks.push_back(
        failed("principal", "auth.principal is " + principal + ", but clients ask for sip/" +
                                setup.config.server.host + ": make the two of one name, or leave " +
                                "auth.principal empty"));
}

void certificate(const Setup& setup, Checks& checks) {
  const config::TlsSection& tls = setup.config.tls;
  if (tls.certificate.empty()) return;
  const auto context =
      net::TlsContext::server({.certificate = tls.certificate, .key = tls.key}, tls_clients(tls));
  if (!context) {
    checks.push_back(failed("certificate", context.error().text()));
    return;
  }
  const auto end = certificate_end(tls.certificate);
  if (!end) {
    checks.push_back(failed("certificate", end.error()));
    return;
  }
  const Duration left = *end - net::UtcClock::read().now();
  if (left <= Duration{})
    checks.push_back(failed(
        "certificate", tls.certificate + " has ended; renew it, then " + "systemctl reload kithd"));
  else if (left < certificate_warning)
    checks.push_back(note("certificate", tls.certificate + " ends in " + in_words(left) +
                                             "; renew it, then systemctl reload kithd"));
  else
    checks.push_back(ok("certificate", tls.certificate + " is good for " + in_words(left)));
}

/// The configuration itself; what is wrong with it, a check each.
std::optional<Setup> configuration(const std::filesystem::path& file, Checks& checks) {
  auto setup = load(file);
  if (setup) {
    checks.push_back(ok("configuration", file.string()));
    return *std::move(setup);
  }
  std::string_view rest = setup.error();
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    checks.push_back(failed("configuration", std::string(line)));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  }
  return std::nullopt;
}

void what_a_start_needs(const Setup& setup, Checks& checks) {
  database(setup, checks);
  kerberos(setup, checks);
  certificate(setup, checks);
}

Check disk(const Setup& setup) {
  const std::filesystem::path folder =
      std::filesystem::path(setup.config.storage.database).parent_path();
  std::error_code error;
  const std::filesystem::space_info space = std::filesystem::space(folder, error);
  if (error) return failed("disk", folder.string() + ": " + error.message());
  const std::string free = bytes_in_words(space.available) + " free in " + folder.string();
  if (space.available < space_min)
    return failed("disk", free + "; make room before changes are refused");
  return ok("disk", free);
}

/// The clock cannot be compared with anybody's here; whether something keeps it right can be asked.
Check clock() {
  timex state{};
  if (::adjtimex(&state) < 0 || (state.status & STA_UNSYNC) != 0)
    return note("clock",
                "nothing keeps this machine's clock right; Kerberos refuses clients when "
                "it is 5 min off: run systemd-timesyncd or chrony");
  return ok("clock", "kept right by NTP");
}

Check port(const ListenAddress& listen) {
  if (const std::optional<std::string> trouble = port_trouble(listen))
    return failed("port", *trouble);
  return ok("port", listen.text() + " is free");
}

/// Whether all of the database can be read, as whoever has it open finds it.
Check whole(const Answer& answer) {
  if (answer.code == Code::done) return ok("integrity", answer.text);
  // A server of before this command answers that it does not know it.
  return answer.code == Code::usage ? note("integrity", answer.text)
                                    : failed("integrity", answer.text);
}

/// What a database that no server has open holds.
void at_rest(const Setup& setup, Checks& checks) {
  std::error_code error;
  if (!std::filesystem::exists(setup.config.storage.database, error)) return;
  const auto store = store::open({.database = setup.config.storage.database, .vfs = {}});
  if (!store) return;  // the check of the database says why
  Admin admin({}, **store);
  Request request;
  request.command = "check";
  checks.push_back(whole(admin.run(request)));
  request.command = "user list";
  std::ranges::move(of_accounts(admin.run(request), setup.config), std::back_inserter(checks));
}

void running(const std::filesystem::path& file, const Setup& setup, Checks& checks) {
  auto call = Call::open(setup.config.admin.socket);
  if (!call) {
    const bool is_down = call.error().kind == CallError::Kind::not_running;
    checks.push_back(
        note("server", call.error().sentence + (is_down ? "; start it: " + start_of(file) : "")));
    if (is_down)
      for (const ListenAddress& each : setup.listen) checks.push_back(port(each));
    at_rest(setup, checks);
    return;
  }
  const std::optional<Answer> status = answer_of(*call, "status");
  if (!status) {
    checks.push_back(failed("server",
                            "kithd ended, or is of another version than kithctl; "
                            "restart it"));
    return;
  }
  if (!has_open(*status, setup)) return at_rest(setup, checks);
  std::ranges::move(of_running(*status, setup.config.admin.socket, net::UtcClock::read().now()),
                    std::back_inserter(checks));
  if (const std::optional<Answer> found = answer_of(*call, "check"))
    checks.push_back(whole(*found));
  if (const std::optional<Answer> users = answer_of(*call, "user list"))
    std::ranges::move(of_accounts(*users, setup.config), std::back_inserter(checks));
}

}  // namespace

std::optional<std::string> port_trouble(const ListenAddress& listen) {
  const auto trouble = [&](const std::error_code& error) {
    return "cannot listen on " + listen.text() + ": " + error.message() +
           "; end whoever uses it, or name another in server.listen";
  };
  const int type = listen.transport == Transport::udp ? SOCK_DGRAM : SOCK_STREAM;
  const auto fd = net::open_socket(listen.address, type);
  if (!fd) return trouble(fd.error());
  if (type == SOCK_STREAM) net::set_option(fd->number(), SOL_SOCKET, SO_REUSEADDR, 1);
  const net::SocketAddress address(listen.address);
  if (::bind(fd->number(), address.data(), address.size) == 0) return std::nullopt;
  return trouble(net::last_error());
}

Checks of_keytab(const std::vector<KeytabEntry>& keys, const std::string& keytab) {
  struct Principal {
    bool served = false;
    std::map<unsigned, std::set<std::string>> versions;  // with their encryption types
  };
  std::map<std::string, Principal> principals;
  for (const KeytabEntry& key : keys) {
    Principal& principal = principals[key.principal];
    principal.served = key.served;
    principal.versions[key.version].insert(key.encryption);
  }
  Checks checks;
  for (const auto& [name, principal] : principals) {
    const auto& [newest, encryptions] = *principal.versions.rbegin();
    const std::string found =
        fmt::format("{}, version {}: {}", name, newest, fmt::join(encryptions, ", "));
    const std::string remove = fmt::format("kadmin ktremove -k {} {} ", keytab, name);
    if (!principal.served)
      checks.push_back(note("keytab", found +
                                          "; clients of this server do not ask for it: name it "
                                          "in auth.principal, or take it out: " +
                                          remove + "all"));
    else
      checks.push_back(ok("keytab", found));
    if (principal.served && principal.versions.size() > 1)
      checks.push_back(
          note("keytab", fmt::format("{} has keys of older versions, from {}; when the "
                                     "tickets made with them have ended: {}old",
                                     name, principal.versions.begin()->first, remove)));
  }
  return checks;
}

Checks of_accounts(const Answer& users, const config::Config& config) {
  const json::Value* const listed = users.result.find("users");
  const auto* const all = listed ? std::get_if<json::Array>(&listed->data) : nullptr;
  Checks checks;
  if (all == nullptr) return checks;
  std::vector<std::string> shut_out;
  for (const json::Value& each : *all) {
    const json::Value* const principals = each.find("principals");
    const auto* const names = principals ? std::get_if<json::Array>(&principals->data) : nullptr;
    const bool by_ticket = config.auth.kerberos && names != nullptr && !names->empty();
    const json::Value* const password = each.find("password");
    const bool by_password =
        config.auth.digest && password != nullptr && *password == json::Value(true);
    const json::Value* const hash = each.find("ntlm");
    const bool by_hash = config.auth.ntlm && hash != nullptr && *hash == json::Value(true);
    if (!by_ticket && !by_hash && !by_password) shut_out.push_back(each.text("user"));
  }
  if (shut_out.empty()) return checks;
  checks.push_back(
      note("accounts",
           number_of(shut_out.size(), "user") + ", as " + shut_out.front() + ", cannot sign in: " +
               (config.auth.ntlm && !config.auth.digest
                    ? "they have no password since NTLM was switched on; "
                      "kithctl user passwd sets one"
                : config.auth.kerberos ? "auth.digest is false, and they have no principal; "
                                         "kithctl user principal add gives them one"
                                       : "auth.kerberos is false, and they have no password; "
                                         "kithctl user passwd sets one")));
  return checks;
}

Checks of_running(const Answer& status, const std::string& socket, Time now) {
  Checks checks;
  if (const json::Value* const troubles = status.result.find("troubles"))
    if (const auto* const all = std::get_if<json::Array>(&troubles->data))
      for (const json::Value& each : *all)
        if (const auto* const sentence = std::get_if<std::string>(&each.data))
          checks.push_back(failed("server", *sentence));
  if (checks.empty() && status.code != Code::done) checks.push_back(failed("server", status.text));
  if (checks.empty()) checks.push_back(ok("server", "running on " + socket));
  const json::Value* const server = status.result.find("server");
  const json::Value* const refused = server ? server->find("refused_tickets") : nullptr;
  if (refused == nullptr) return checks;
  for (const Refusals& each : refusals_of(*refused))
    checks.push_back(
        {is_urgent(each) ? Outcome::failed : Outcome::note, "tickets", sentence(each, now)});
  return checks;
}

Checks check(const std::filesystem::path& file) {
  Checks checks;
  if (const std::optional<Setup> setup = configuration(file, checks))
    what_a_start_needs(*setup, checks);
  return checks;
}

Checks examine(const std::filesystem::path& file) {
  Checks checks;
  const std::optional<Setup> setup = configuration(file, checks);
  if (!setup) return checks;
  what_a_start_needs(*setup, checks);
  checks.push_back(disk(*setup));
  if (setup->config.auth.kerberos) checks.push_back(clock());
  running(file, *setup, checks);
  for (const std::string& domain : setup->config.server.domains)
    checks.push_back(note("dns", "not asked from here; clients find " + domain +
                                     " with: dig SRV _sip._tcp." + domain));
  return checks;
}

bool all_well(const Checks& checks) {
  return std::ranges::none_of(checks,
                              [](const Check& each) { return each.outcome == Outcome::failed; });
}

Answer report(const Checks& checks) {
  std::string text;
  json::Array all;
  for (const Check& each : checks) {
    const std::string_view word = each.outcome == Outcome::ok       ? "ok"
                                  : each.outcome == Outcome::failed ? "failed"
                                                                    : "note";
    text +=
        fmt::format("{}{:<7} {:<14} {}", text.empty() ? "" : "\n", word, each.name, each.sentence);
    all.emplace_back(
        json::Object{{"outcome", word}, {"check", each.name}, {"sentence", each.sentence}});
  }
  return {.code = all_well(checks) ? Code::done : Code::no,
          .text = std::move(text),
          .result = json::Object{{"well", all_well(checks)}, {"checks", std::move(all)}}};
}

}  // namespace kith::admin
