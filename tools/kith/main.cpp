#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdio>
#include <functional>

#include "tools/kith/commands.h"
#include "tools/kith/lint.h"

namespace {

using kith::tool::Command;
using kith::tool::Exit;
using kith::tool::Options;
using Verb = Command::Verb;

constexpr const char* examples =
    "Examples:\n"
    "  kinit alice\n"
    "  kith --user alice@example.com --kerberos contacts add sip:bob@example.com --name Bob\n"
    "  kith --user alice@example.com --kerberos --device phone watch contacts\n"
    "  kith --user alice@example.com --server 127.0.0.1:5060 groups add Lab\n"
    "  kith --user alice@example.com contacts move sip:bob@example.com --group Lab\n"
    "  kith --user alice@example.com --trace login\n"
    "  kith lint trace.pcap\n"
    "\n"
    "Exit status: 0 done, 1 the answer is no, 2 wrong usage, 3 the server or network failed.";

void add_options(CLI::App& app, Options& options, unsigned& timeout_seconds) {
  app.add_option("--user", options.user,
                 "who you are: alice@example.com; lint alone does not need it")
      ->envname("KITH_USER");
  app.add_option("--server", options.server,
                 "HOST:PORT; without it the user's domain, port 5060, or 5061 for TLS")
      ->envname("KITH_SERVER");
  app.add_option_function<std::string>(
         "--transport",
         [&options](const std::string& name) {
           options.transport = name == "tls"   ? kith::Transport::tls
                               : name == "udp" ? kith::Transport::udp
                                               : kith::Transport::tcp;
         },
         "how to get there; tcp without it")
      ->check(CLI::IsMember({"tcp", "tls", "udp"}));
  app.add_option("--ca", options.authorities,
                 "PEM file of the authority that vouches for the server; the system's without it");
  app.add_flag("--kerberos", options.kerberos,
               "sign in with the ticket that kinit left; without it Digest, with a password");
  app.add_option("--login", options.login, "user name of Digest; the user without it");
  app.add_flag("--password-stdin", options.password_from_input,
               "the password is the first line of standard input; else KITH_PASSWORD, or asked");
  app.add_option("--device", options.device,
                 "a name for this device; each name is a device of its own; the host's without it");
  app.add_option("--epid", options.epid, "the device's identifier itself: hexadecimal digits");
  app.add_flag("--trace", options.trace,
               "every message as it goes by, its signature explained, on standard error");
  app.add_flag("--json", options.json, "results as JSON, one value a line");
  app.add_option("--timeout", timeout_seconds, "seconds to wait for the server")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
}

void add_verb(CLI::App& parent, Command& command, const char* name, Verb verb,
              const char* description, const std::function<void(CLI::App&)>& arguments = {}) {
  CLI::App* app = parent.add_subcommand(name, description);
  if (arguments) arguments(*app);
  app->callback([&command, verb] { command.verb = verb; });
}

void add_contact_commands(CLI::App& app, Command& command) {
  CLI::App* contacts = app.add_subcommand("contacts", "the contacts of your list");
  contacts->require_subcommand(1);
  const auto uri = [&](CLI::App& verb) {
    verb.add_option("uri", command.subject, "sip:bob@example.com")->required();
  };
  add_verb(*contacts, command, "list", Verb::list_contacts, "prints them");
  add_verb(*contacts, command, "add", Verb::add_contact, "puts one on the list",
           [&](CLI::App& verb) {
             uri(verb);
             verb.add_option("--name", command.name, "how it is shown");
             verb.add_option("--group", command.groups, "a group's name, or #2; may be repeated");
           });
  add_verb(*contacts, command, "remove", Verb::remove_contact, "takes one off", uri);
  add_verb(*contacts, command, "move", Verb::move_contact, "puts one into other groups",
           [&](CLI::App& verb) {
             uri(verb);
             verb.add_option("--group", command.groups, "a group's name, or #2; may be repeated")
                 ->required();
           });
  add_verb(*contacts, command, "rename", Verb::rename_contact, "shows one under another name",
           [&](CLI::App& verb) {
             uri(verb);
             verb.add_option("name", command.name, "the new name")->required();
           });
}

void add_group_commands(CLI::App& app, Command& command) {
  CLI::App* groups = app.add_subcommand("groups", "the groups of your list");
  groups->require_subcommand(1);
  const auto group = [&](CLI::App& verb) {
    verb.add_option("group", command.subject, "its name, or #2")->required();
  };
  add_verb(*groups, command, "list", Verb::list_groups, "prints them");
  add_verb(*groups, command, "add", Verb::add_group, "makes one", group);
  add_verb(*groups, command, "rename", Verb::rename_group, "gives one another name",
           [&](CLI::App& verb) {
             group(verb);
             verb.add_option("name", command.name, "the new name")->required();
           });
  add_verb(*groups, command, "remove", Verb::remove_group,
           "takes one off; its contacts stay on the list", group);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "SIP contact lists at the terminal. Signs in as one more device of a user, does what "
      "it is asked, and signs out. And a laboratory: lint explains SIP messages."};
  app.footer(examples);
  app.set_version_flag("--version", "kith " KITH_VERSION);
  app.require_subcommand(1);
  Options options;
  Command command;
  unsigned timeout_seconds = 30;
  add_options(app, options, timeout_seconds);
  add_verb(app, command, "login", Verb::login, "signs in, says what the server granted, signs out");
  add_contact_commands(app, command);
  add_group_commands(app, command);
  CLI::App* watch = app.add_subcommand("watch", "changes as they happen");
  watch->require_subcommand(1);
  add_verb(*watch, command, "contacts", Verb::watch_contacts,
           "prints the list, then each change as a line, until a signal comes",
           [&](CLI::App& verb) {
             verb.add_option("--count", command.count, "end after so many changes")
                 ->check(CLI::PositiveNumber);
           });
  kith::tool::LintOptions lint_options;
  const CLI::App* const lint = kith::tool::add_lint(app, lint_options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(Exit::usage);
  }
  if (lint->parsed()) {
    lint_options.json = lint_options.json || options.json;
    return static_cast<int>(kith::tool::lint(lint_options));
  }
  if (options.user.empty()) {
    std::fputs("kith: --user is required, or KITH_USER\n", stderr);
    return static_cast<int>(Exit::usage);
  }
  options.timeout = std::chrono::seconds(timeout_seconds);
  if (options.kerberos && (!options.login.empty() || options.password_from_input)) {
    std::fputs("kith: --kerberos takes neither --login nor --password-stdin\n", stderr);
    return static_cast<int>(Exit::usage);
  }
  return static_cast<int>(kith::tool::run(options, command));
}
