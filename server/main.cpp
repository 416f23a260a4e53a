#include <signal.h>
#include <sys/resource.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>

#include "kith/net/reactor.h"
#include "server/admin/doctor.h"
#include "server/admin/kerberos.h"
#include "server/admin/locked_store.h"
#include "server/admin/socket.h"
#include "server/log/log.h"
#include "server/options.h"
#include "server/store/open.h"

namespace {

using namespace kith;

enum Exit : int { done = 0, no = 1, usage = 2, failed = 3 };

/// How long an orderly end may take before what is left is cut off.
constexpr Duration finish_patience = 10s;

struct Arguments {
  std::string config = "/etc/kith/kith.toml";
  std::string ready_file;
  bool check = false;
  bool json = false;
};

std::string joined(const std::vector<std::string>& all, std::string_view between) {
  std::string text;
  for (const std::string& each : all) text.append(text.empty() ? "" : between).append(each);
  return text;
}

/// Nothing to refuse with: the exit code of --help, --version and wrong usage.
std::optional<int> parse(int argc, char** argv, Arguments& arguments) {
  CLI::App app{"kithd keeps contact lists for SIP clients and tells their devices what changed.",
               "kithd"};
  app.add_option("-c,--config", arguments.config,
                 "configuration; " + arguments.config + " if not given")
      ->option_text("FILE");
  CLI::Option* const check =
      app.add_flag("--check", arguments.check,
                   "look at the configuration and all that it names, and end with 0 or 1");
  app.add_flag("--json", arguments.json, "print what --check finds as JSON")->needs(check);
  app.add_option("--ready-file", arguments.ready_file,
                 "write where it listens to this file, an address a line, once it does")
      ->option_text("FILE");
  app.set_version_flag("--version", "kithd " KITH_VERSION);
  app.footer(
      "\nA first start:\n"
      "  kithctl init --domain example.com\n"
      "  kithctl user add alice@example.com\n"
      "  kithd --check && kithd\n\n"
      "SIGTERM ends it in order, SIGHUP reads the certificate again.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    const std::vector<std::string> unknown = app.remaining();
    if (unknown.empty())
      app.exit(error);
    else
      std::cerr << "kithd: does not know " << joined(unknown, ", ")
                << "; kithd --help shows what it knows\n";
    return Exit::usage;
  }
  return std::nullopt;
}

int refuse(Exit code, const std::string& sentence) {
  log::write(log::Level::error, "not_started", {{"error", sentence}});
  sd_notifyf(0, "STATUS=%s", sentence.c_str());
  return code;
}

void open_log(const config::LogSection& section) {
  const std::string& level = section.level;
  log::open(section.format == "json" ? log::Format::json : log::Format::logfmt,
            level == "debug"     ? log::Level::debug
            : level == "warning" ? log::Level::warning
            : level == "error"   ? log::Level::error
                                 : log::Level::info);
}

/// A connection is a descriptor.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// The disk has what was acknowledged; whatever this process believes beyond that is worth nothing.
[[noreturn]] void halt(const std::string& why) {
  log::write(log::Level::error, "halted",
             {{"error", why + "; started again, the server reads what is stored"}});
  ::_exit(Exit::failed);
}

void reload(server::Server& server, const config::TlsSection& tls) {
  sd_notify(0, "RELOADING=1");
  if (tls.certificate.empty())
    log::write(log::Level::info, "nothing_reloaded", {{"reason", "no tls.certificate is in use"}});
  else if (const auto reloaded = server.reload_certificate())
    log::write(log::Level::info, "certificate_reloaded");
  else
    log::write(log::Level::error, "certificate_not_reloaded",
               {{"error", reloaded.error().text() + "; the one before stays in use"}});
  sd_notify(0, "READY=1");
}

/// Written elsewhere and renamed: whoever sees the file sees all of it.
bool write_ready_file(const std::string& path, const admin::ServerStatus& status) {
  if (path.empty()) return true;
  const std::string draft = path + ".part";
  {
    std::ofstream out(draft, std::ios::trunc);
    for (const std::string& listener : status.listeners) out << listener << '\n';
    if (!out.flush()) return false;
  }
  std::error_code error;
  std::filesystem::rename(draft, path, error);
  return !error;
}

/// From the first client to the last.
int serve(const admin::Setup& setup, server::Server& server, const admin::RefusedTickets& refused,
          store::Store& store, const std::string& ready_file) {
  net::Reactor reactor;
  const auto stop = [&reactor] { reactor.stop(); };
  const admin::Running running = server::running(server, refused, KITH_VERSION, stop, halt);
  admin::Admin admin(admin::settings_of(setup.config), store, running);
  admin::Socket socket(reactor, [&admin](std::string_view line) {
    const std::optional<admin::Request> request = admin::parse_request(line);
    if (!request)
      return admin::write(admin::say(admin::Code::usage, "this is no request of kithctl"));
    log::write(log::Level::info, "administration",
               {{"command", request->command}, {"aor", request->user}, {"file", request->file}});
    return admin::write(admin.run(*request));
  });
  if (const auto opened = socket.open(setup.config.admin.socket); !opened)
    return refuse(Exit::failed, opened.error());
  reactor.on_signal(SIGTERM, stop);
  reactor.on_signal(SIGINT, stop);
  reactor.on_signal(SIGHUP, [&] { reload(server, setup.config.tls); });

  const admin::ServerStatus status = running.status();
  if (!write_ready_file(ready_file, status))
    return refuse(Exit::failed, "cannot write " + ready_file + "; name another --ready-file");
  log::write(log::Level::info, "ready",
             {{"listen", joined(status.listeners, ",")}, {"version", KITH_VERSION}});
  sd_notifyf(0, "READY=1\nSTATUS=listening on %s", joined(status.listeners, ",").c_str());
  reactor.run();

  sd_notify(0, "STOPPING=1");
  log::write(log::Level::info, "stopping");
  const bool finished = server.finish(finish_patience);
  const admin::Answer ending =
      finished ? admin::say(admin::Code::done, "kithd has finished what it had accepted, and ended")
               : admin::say(admin::Code::failed,
                            "kithd ended, and some of what it had accepted was not answered in " +
                                std::to_string(finish_patience / 1s) + " s");
  log::write(finished ? log::Level::info : log::Level::error, "stopped",
             {{"error", finished ? "" : ending.text}});
  socket.farewell(admin::write(ending));
  return finished ? Exit::done : Exit::failed;
}

int run(const Arguments& arguments) {
  const auto setup = admin::load(arguments.config);
  if (!setup) {
    std::istringstream lines(setup.error());
    for (std::string line; std::getline(lines, line);) std::cerr << "kithd: " << line << '\n';
    sd_notify(0, "STATUS=the configuration is wrong");
    return Exit::usage;
  }
  const config::Config& config = setup->config;
  open_log(config.log);
  raise_descriptor_limit();
  if (config.auth.kerberos) {
    const auto keytab = admin::check_keytab(config.auth.keytab,
                                            admin::service_principal(config, config.server.host));
    if (!keytab) return refuse(Exit::failed, keytab.error());
  }
  const auto opened = store::open({.database = config.storage.database, .vfs = {}});
  if (!opened) return refuse(Exit::failed, opened.error().sentence);
  for (const admin::ListenAddress& each : setup->listen)
    if (const auto trouble = admin::port_trouble(each)) return refuse(Exit::failed, *trouble);
  admin::LockedStore store(**opened);
  admin::RefusedTickets refused;
  const auto server = server::Server::start(server::options(*setup, store, refused), store, halt);
  if (!server)
    return refuse(Exit::failed, server.error() + "; kithctl doctor looks for the reason");
  return serve(*setup, **server, refused, store, arguments.ready_file);
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  if (const std::optional<int> code = parse(argc, argv, arguments)) return *code;
  ::signal(SIGPIPE, SIG_IGN);
  if (!arguments.check) return run(arguments);
  const std::vector<admin::Check> checks = admin::check(arguments.config);
  const admin::Answer found = admin::report(checks);
  std::cout << (arguments.json ? admin::json::write(found.result) : found.text) << '\n';
  return admin::all_well(checks) ? Exit::done : Exit::no;
}
