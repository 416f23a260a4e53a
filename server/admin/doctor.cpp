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

bool is_running(const Setup& setup) {
  const auto call = Call::open(setup.config.admin.socket);
  return call || call.error().kind == CallError::Kind::forbidden;
}

Check database(const Setup& setup) {
  const std::filesystem::path file = setup.config.storage.database;
  std::error_code error;
  if (is_running(setup)) return ok("database", file.string() + " is open in the running server");
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
  const auto context = net::TlsContext::server({.certificate = tls.certificate, .key = tls.key});
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
  checks.push_back(database(setup));
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

void whole_on_disk(const Setup& setup, Checks& checks) {
  std::error_code error;
  if (!std::filesystem::exists(setup.config.storage.database, error)) return;
  const auto store = store::open({.database = setup.config.storage.database, .vfs = {}});
  if (!store) return;  // the check of the database says why
  Request request;
  request.command = "check";
  checks.push_back(whole(Admin({}, **store).run(request)));
}

std::optional<Answer> answer_of(Call& call, const std::string& command, Checks& checks) {
  Request request;
  request.command = command;
  const auto line = call.ask(write(request));
  std::optional<Answer> answer = line ? parse_answer(*line) : std::nullopt;
  if (!answer)
    checks.push_back(failed("server", line ? "kithctl and kithd are not of one version; restart "
                                             "kithd"
                                           : line.error().sentence));
  return answer;
}

void running(const Setup& setup, Checks& checks) {
  auto call = Call::open(setup.config.admin.socket);
  if (!call) {
    checks.push_back(note("server", call.error().sentence));
    if (call.error().kind == CallError::Kind::not_running)
      for (const ListenAddress& each : setup.listen) checks.push_back(port(each));
    whole_on_disk(setup, checks);
    return;
  }
  if (const std::optional<Answer> status = answer_of(*call, "status", checks))
    std::ranges::move(of_running(*status, setup.config.admin.socket, net::UtcClock::read().now()),
                      std::back_inserter(checks));
  if (const std::optional<Answer> found = answer_of(*call, "check", checks))
    checks.push_back(whole(*found));
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
  running(*setup, checks);
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
