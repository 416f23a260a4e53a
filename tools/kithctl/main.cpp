#include <pwd.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <iostream>
#include <string>

#include "server/admin/admin.h"
#include "server/admin/doctor.h"
#include "server/admin/setup.h"
#include "server/admin/socket.h"
#include "server/store/open.h"
#include "tools/kithctl/backup.h"
#include "tools/kithctl/init.h"
#include "tools/kithctl/terminal.h"
#include "tools/kithctl/usage.h"

namespace {

using namespace kith;
using admin::Answer;
using admin::Code;
using admin::Request;
using admin::say;
using ctl::Context;

/// A drain that takes longer than the server's own patience has gone wrong.
constexpr Duration drain_patience = 30s;

/// Files that are made beside the database belong to whom the database belongs to, also when root
/// does the work.
void become_owner_of(const std::filesystem::path& folder) {
  struct stat found{};
  if (::geteuid() != 0 || ::stat(folder.c_str(), &found) != 0 || found.st_uid == 0) return;
  if (::setegid(found.st_gid) == 0) [[maybe_unused]]
    const int ignored = ::seteuid(found.st_uid);
}

Answer on_database(const admin::Setup& setup, const Request& request) {
  const config::Config& config = setup.config;
  const std::filesystem::path database = config.storage.database;
  std::error_code error;
  if (!std::filesystem::exists(database, error) && error)
    return say(Code::failed, database.string() + ": " + error.message() +
                                 "; run kithctl as the server's user or as root");
  if (!std::filesystem::exists(database, error))
    return say(Code::failed, "there is no database " + database.string() +
                                 "; kithctl init makes one, and so does kithd when it starts");
  become_owner_of(database.parent_path());
  const auto store = store::open({.database = database, .vfs = {}});
  if (!store) return say(Code::failed, store.error().sentence);
  return admin::Admin(admin::settings_of(config), **store).run(request);
}

/// Through the server where one runs, on the database where none does.
Answer ask(const Context& context, const Request& request) {
  const auto setup = admin::load(context.config);
  if (!setup) return say(Code::usage, setup.error());
  auto call = admin::Call::open(setup->config.admin.socket);
  if (!call) {
    if (call.error().kind != admin::CallError::Kind::not_running)
      return say(Code::failed, call.error().sentence);
    // A look must not take the database away from a server that is about to start.
    if (request.command == "status" || request.command == "drain")
      return say(Code::no,
                 call.error().sentence + (request.command == "status"
                                              ? "; start it: " + admin::start_of(context.config)
                                              : ""));
    return on_database(*setup, request);
  }
  const auto line = call->ask(write(request));
  if (!line) return say(Code::failed, line.error().sentence);
  const std::optional<Answer> answer = admin::parse_answer(*line);
  if (!answer) return say(Code::failed, "kithctl and kithd are not of one version; restart kithd");
  if (request.command == "drain" && answer->code == Code::done) {
    const auto last = call->last_words(drain_patience);
    if (!last) return say(Code::failed, last.error().sentence);
    if (!call->wait_for_end(drain_patience))
      return say(Code::failed, "kithd has finished, but its process is still there; see its log");
    return admin::parse_answer(*last).value_or(
        say(Code::failed, "kithd ended without saying whether it had finished; see its log"));
  }
  return *answer;
}

Answer show_config(const Context& context) {
  const auto setup = admin::load(context.config);
  if (!setup) return say(Code::usage, setup.error());
  std::string text = config::write(setup->config);
  text.pop_back();
  return {.code = Code::done, .text = text, .result = admin::json::Object{{"toml", text}}};
}

struct Program {
  Context context;
  Request request;
  ctl::InitOptions init;
  bool password_from_input = false;
  std::string file;
  std::function<Answer()> run;  // what was chosen
};

Answer with_password(Program& program, bool wanted) {
  if (program.password_from_input || wanted) {
    auto password = program.password_from_input ? ctl::password_from_input()
                                                : ctl::password_from_terminal(program.request);
    if (!password) return say(Code::usage, password.error());
    program.request.password = *std::move(password);
  }
  return ask(program.context, program.request);
}

CLI::App* command(CLI::App& app, const std::string& name, const std::string& what,
                  const std::string& example) {
  CLI::App* const sub = app.add_subcommand(name, what);
  sub->footer("\nExample:\n  " + example);
  return sub;
}

void add_init(CLI::App& app, Program& program) {
  ctl::InitOptions& o = program.init;
  CLI::App* const sub = command(
      app, "init", "write a configuration, make the database, print the DNS records to publish",
      "kithctl init --domain example.com --keytab /etc/kith/kith.keytab");
  sub->add_option("--domain", o.domains, "domain whose users are kept here; may be repeated")
      ->required()
      ->option_text("DOMAIN");
  sub->add_option("--host", o.host, "this server's name, as clients reach it")->option_text("NAME");
  sub->add_option("--keytab", o.keytab, "users sign in with Kerberos; the key of the service")
      ->option_text("FILE");
  sub->add_option("--principal", o.principal, "which key of the keytab, as in sip/lcs.example.com")
      ->option_text("NAME");
  sub->add_flag("--ntlm", o.ntlm, "with NTLM, too: passwords are kept as NT hashes as well");
  sub->add_flag("--digest", o.digest, "with passwords, too; without --keytab that is so anyway");
  sub->add_option("--certificate", o.certificate, "for TLS, in PEM form")->option_text("FILE");
  sub->add_option("--key", o.key, "the certificate's private key")->option_text("FILE");
  sub->add_option("--listen", o.listen,
                  "IP:PORT for UDP and TCP, or udp:, tcp: or tls: before it; may be repeated")
      ->option_text("ADDRESS");
  sub->add_option("--data", o.data,
                  "folder of the database, also where --config is somewhere else; "
                  "/var/lib/kith if not given")
      ->option_text("DIR");
  sub->add_option("--control", o.control, "socket for kithctl")->option_text("FILE");
  sub->add_flag("--force", o.force, "write over a configuration that exists");
  sub->callback([&program] {
    program.run = [&program] { return ctl::init(program.init, program.context.config); };
  });
}

/// A command whose answer the server, or the database, has.
CLI::App* add_asked(CLI::App& app, Program& program, const std::string& name,
                    const std::string& full_name, const std::string& what,
                    const std::string& example) {
  CLI::App* const sub = command(app, name, what, example);
  sub->callback([&program, full_name] {
    program.request.command = full_name;
    if (!program.run) program.run = [&program] { return ask(program.context, program.request); };
  });
  return sub;
}

void add_user_commands(CLI::App& app, Program& program) {
  CLI::App& user = *app.add_subcommand("user", "accounts");
  user.require_subcommand(1);
  Request& request = program.request;
  const auto address = [&](CLI::App* sub) {
    sub->add_option("USER", request.user, "address of record, as in alice@example.com")->required();
    return sub;
  };
  const auto with_stdin = [&](CLI::App* sub) {
    sub->add_flag("--password-stdin", program.password_from_input,
                  "read the password from standard input");
  };
  CLI::App* const add =
      address(add_asked(user, program, "add", "user add",
                        "make an account; asks for a password if there is no principal",
                        "kithctl user add alice@example.com --principal alice@EXAMPLE.COM"));
  add->add_option("--name", request.name, "name to show")->option_text("NAME");
  add->add_option("--principal", request.principals,
                  "Kerberos principal that signs in to it; may be repeated")
      ->option_text("NAME@REALM");
  with_stdin(add);
  add->preparse_callback([&program](std::size_t) {
    program.run = [&program] { return with_password(program, program.request.principals.empty()); };
  });
  add_asked(user, program, "list", "user list", "all accounts and how they sign in",
            "kithctl --json user list");
  CLI::App* const passwd = address(add_asked(user, program, "passwd", "user passwd",
                                             "set a password; whoever is signed in signs in again",
                                             "kithctl user passwd alice@example.com"));
  with_stdin(passwd);
  passwd->preparse_callback([&program](std::size_t) {
    program.run = [&program] { return with_password(program, true); };
  });
  address(add_asked(user, program, "devices", "user devices",
                    "where a user is signed in, with what, and how long that lasts",
                    "kithctl user devices alice@example.com"));
  CLI::App& principal = *user.add_subcommand("principal", "who signs in to an account by Kerberos");
  principal.require_subcommand(1);
  const auto principals = [&](CLI::App* sub) {
    sub->add_option("PRINCIPAL", request.principals, "as in alice@EXAMPLE.COM")->required();
  };
  principals(address(add_asked(principal, program, "add", "user principal add",
                               "let a principal sign in to an account",
                               "kithctl user principal add alice@example.com alice@EXAMPLE.COM")));
  principals(
      address(add_asked(principal, program, "remove", "user principal remove",
                        "let it no longer; whoever is signed in signs in again",
                        "kithctl user principal remove alice@example.com alice@OLD.EXAMPLE")));
  address(add_asked(user, program, "remove", "user remove",
                    "remove an account and its contact list",
                    "kithctl user remove alice@example.com"));
  address(add_asked(user, program, "disable", "user disable",
                    "let nobody sign in to an account, and keep it",
                    "kithctl user disable alice@example.com"));
  address(add_asked(user, program, "enable", "user enable", "undo disable",
                    "kithctl user enable alice@example.com"));
}

void add_server_commands(CLI::App& app, Program& program) {
  add_asked(app, program, "contacts", "contacts", "a user's contact list, as the server holds it",
            "kithctl contacts alice@example.com")
      ->add_option("USER", program.request.user, "address of record")
      ->required();
  add_asked(app, program, "status", "status", "whether the server runs and is well",
            "kithctl status || kithctl doctor");
  CLI::App* const doctor =
      command(app, "doctor", "look for what goes wrong often, with remedies", "kithctl doctor");
  doctor->callback([&program] {
    program.run = [&program] { return admin::report(admin::examine(program.context.config)); };
  });
  CLI::App* const config = app.add_subcommand("config", "the configuration");
  config->require_subcommand(1);
  command(*config, "show", "every key with its value in effect and what it does",
          "kithctl config show")
      ->callback([&program] { program.run = [&program] { return show_config(program.context); }; });
  const auto file = [&](CLI::App* sub) {
    sub->add_option("FILE", program.file, "the backup")->required();
    return sub;
  };
  file(command(app, "backup", "copy the database while the server runs, and verify the copy",
               "kithctl backup /var/backups/kith-$(date +%F).db"))
      ->callback([&program] {
        program.run = [&program] { return ctl::backup(program.context, program.file, ask); };
      });
  file(command(app, "restore",
               "put a verified backup in the place of the database, which is kept beside it under "
               "another name; no server runs",
               "kithctl restore /var/backups/kith-2025-01-31.db"))
      ->callback([&program] {
        program.run = [&program] { return ctl::restore(program.context, program.file); };
      });
  add_asked(app, program, "drain", "drain",
            "take nothing new, finish what was accepted, end the server", "kithctl drain");
}

void print(const Answer& answer, bool as_json) {
  if (as_json)
    std::cout << admin::json::write(answer.result) << '\n';
  else if (answer.code == Code::done || answer.result.find("error") == nullptr)
    std::cout << answer.text << '\n';
  else
    std::cerr << "kithctl: " << answer.text << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  ::signal(SIGPIPE, SIG_IGN);
  Program program;
  CLI::App app{"kithctl sets up and administers kithd, running or not.", "kithctl"};
  app.add_option("-c,--config", program.context.config,
                 "configuration; " + program.context.config + " if not given")
      ->option_text("FILE");
  bool as_json = false;
  app.add_flag("--json", as_json, "print results as JSON");
  app.set_version_flag("--version", "kithctl " KITH_VERSION);
  app.require_subcommand(1);
  app.fallthrough();
  app.footer(
      "\nkithctl COMMAND --help shows arguments and an example.\n"
      "Exit codes: 0 done, 1 the answer is no, 2 wrong usage, 3 the server or the disk failed.");
  add_init(app, program);
  add_user_commands(app, program);
  add_server_commands(app, program);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    if (const std::string why = ctl::misunderstood(app); !why.empty())
      std::cerr << "kithctl: " << why << '\n';
    else
      app.exit(error);
    return static_cast<int>(Code::usage);
  }
  const Answer answer = program.run();
  print(answer, as_json);
  return static_cast<int>(answer.code);
}
