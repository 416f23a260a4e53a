#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdio>
#include <functional>
#include <string>

#include "tools/kith/commands.h"
#include "tools/kith/ladder.h"
#include "tools/kith/lint.h"
#include "tools/kith/talk_commands.h"
#include "tools/usage.h"

namespace {

using kith::tool::Command;
using kith::tool::Exit;
using kith::tool::Options;
using Verb = Command::Verb;

constexpr const char* ending =
    "kith COMMAND --help shows arguments and an example. Options may stand before and after the\n"
    "command.\n"
    "\n"
    "Examples:\n"
    "  kinit alice\n"
    "  kith --user alice@example.com --kerberos contacts add sip:bob@example.com --name Bob\n"
    "  kith --user alice@example.com --kerberos --device phone watch contacts\n"
    "  kith --user alice@example.com --server 127.0.0.1:5060 --trace login\n"
    "  kith options sip:192.0.2.7\n"
    "  kith lint trace.pcap\n"
    "  kith ladder trace.pcap\n"
    "\n"
    "Exit status: 0 done, 1 the answer is no, 2 wrong usage, 3 the server or network failed.";

/// What the help of one command says.
struct Words {
  const char* name;
  const char* what;
  const char* example;
};

void add_options(CLI::App& app, Options& options, unsigned& timeout_seconds) {
  app.add_option("--user", options.user,
                 "who you are: alice@example.com; the laboratory does not need it")
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
         "how to get there; without it, tcp to sign in, else as the DNS says")
      ->check(CLI::IsMember({"tcp", "tls", "udp"}));
  app.add_option("--ca", options.authorities,
                 "PEM file of the authority that vouches for the server; the system's without it");
  CLI::Option* const kerberos =
      app.add_flag("--kerberos", options.kerberos,
                   "sign in with the ticket that kinit left; without it with a password");
  app.add_option("--auth", options.scheme,
                 "with a password, by this way only; NTLM if the server offers it, else Digest")
      ->check(CLI::IsMember({"ntlm", "digest"}))
      ->excludes(kerberos);
  app.add_option("--login", options.login,
                 "user name of NTLM and Digest, as in EXAMPLE\\alice; the user without it");
  CLI::Option* const from_input = app.add_flag(
      "--password-stdin", options.password_from_input,
      "the password is the first line of standard input; else KITH_PASSWORD, or asked");
  app.add_option("--password-file", options.password_file,
                 "the password is the first line of this file")
      ->excludes(from_input);
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

void add_verb(CLI::App& parent, Command& command, Verb verb, const Words& words,
              const std::function<void(CLI::App&)>& arguments = {}) {
  CLI::App* app = parent.add_subcommand(words.name, words.what);
  app->footer(
      "Example:\n  kith " + std::string(words.example) +
      "\n\nTakes --user, --server, --kerberos, --password-stdin, --json and the other options "
      "of\nkith --help, too.");
  if (arguments) arguments(*app);
  app->callback([&command, verb] { command.verb = verb; });
}

void add_contact_commands(CLI::App& app, Command& command) {
  CLI::App* contacts = app.add_subcommand("contacts", "the contacts of your list");
  contacts->require_subcommand(1);
  const auto uri = [&](CLI::App& verb) {
    verb.add_option("uri", command.subject, "sip:bob@example.com")->required();
  };
  const auto group = [&](CLI::App& verb) {
    return verb.add_option("--group", command.groups,
                           "its name, or its number as '#2'; '#1' is (no group); may be repeated");
  };
  add_verb(*contacts, command, Verb::list_contacts,
           {"list", "prints them", "contacts list --user alice@example.com"});
  add_verb(*contacts, command, Verb::add_contact,
           {"add", "puts one on the list", "contacts add sip:bob@example.com --name Bob"},
           [&](CLI::App& verb) {
             uri(verb);
             verb.add_option("--name", command.name, "how it is shown");
             group(verb);
           });
  add_verb(*contacts, command, Verb::remove_contact,
           {"remove", "takes one off", "contacts remove sip:bob@example.com"}, uri);
  add_verb(*contacts, command, Verb::move_contact,
           {"move", "puts one into other groups", "contacts move sip:bob@example.com --group Lab"},
           [&](CLI::App& verb) {
             uri(verb);
             group(verb)->required();
           });
  add_verb(*contacts, command, Verb::rename_contact,
           {"rename", "shows one under another name", "contacts rename sip:bob@example.com Robert"},
           [&](CLI::App& verb) {
             uri(verb);
             verb.add_option("name", command.name, "the new name")->required();
           });
}

void add_group_commands(CLI::App& app, Command& command) {
  CLI::App* groups = app.add_subcommand("groups", "the groups of your list");
  groups->require_subcommand(1);
  const auto group = [&](CLI::App& verb) {
    verb.add_option("group", command.subject, "its name, or its number as '#2'")->required();
  };
  add_verb(*groups, command, Verb::list_groups,
           {"list", "prints them", "groups list --user alice@example.com"});
  add_verb(*groups, command, Verb::add_group, {"add", "makes one", "groups add Lab"},
           [&](CLI::App& verb) {
             verb.add_option("name", command.subject, "what no other group is called")->required();
           });
  add_verb(*groups, command, Verb::rename_group,
           {"rename", "gives one another name", "groups rename Lab Work"}, [&](CLI::App& verb) {
             group(verb);
             verb.add_option("name", command.name, "the new name")->required();
           });
  add_verb(*groups, command, Verb::remove_group,
           {"remove", "takes one off; its contacts stay on the list", "groups remove '#2'"}, group);
}

void add_watch_commands(CLI::App& app, Command& command) {
  constexpr int count_max = 1'000'000;
  CLI::App* watch = app.add_subcommand("watch", "changes as they happen");
  watch->require_subcommand(1);
  add_verb(*watch, command, Verb::watch_contacts,
           {"contacts",
            "prints the list, then each change as a line, until a signal comes; ends with 3 when "
            "the connection is lost",
            "watch contacts --json --user alice@example.com"},
           [&](CLI::App& verb) {
             verb.add_option("--count", command.count, "end after so many changes")
                 ->check(CLI::Range(1, count_max));
           });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "SIP contact lists at the terminal. Signs in as one more device of a user, does what "
      "it is asked, and signs out. And a laboratory: options, send, message, register, "
      "subscribe and call talk to any SIP peer, lint explains messages, ladder draws them.",
      "kith"};
  app.failure_message(kith::usage_sentence);
  app.set_version_flag("--version", "kith " KITH_VERSION);
  app.require_subcommand(1);
  app.fallthrough();
  Options options;
  Command command;
  unsigned timeout_seconds = 30;
  add_options(app, options, timeout_seconds);
  add_verb(app, command, Verb::login,
           {"login", "signs in, says what the server granted, signs out",
            "login --user alice@example.com --trace"});
  add_contact_commands(app, command);
  add_group_commands(app, command);
  add_watch_commands(app, command);
  kith::tool::TalkCommands talk;
  kith::tool::add_talk_commands(app, talk);
  kith::tool::LintOptions lint_options;
  const CLI::App* const lint = kith::tool::add_lint(app, lint_options);
  kith::tool::LadderOptions ladder_options;
  const CLI::App* const ladder = kith::tool::add_ladder(app, ladder_options);
  app.footer(ending);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(Exit::usage);
  }
  if (lint->parsed()) {
    lint_options.json = lint_options.json || options.json;
    return static_cast<int>(kith::tool::lint(lint_options));
  }
  if (ladder->parsed()) {
    ladder_options.json = ladder_options.json || options.json;
    return static_cast<int>(kith::tool::ladder(ladder_options));
  }
  options.timeout = std::chrono::seconds(timeout_seconds);
  if (talk.chosen != nullptr) return static_cast<int>(talk.chosen(options, talk));
  if (options.user.empty()) {
    std::fputs("kith: --user is required, or KITH_USER\n", stderr);
    return static_cast<int>(Exit::usage);
  }
  if (options.kerberos &&
      (!options.login.empty() || options.password_from_input || !options.password_file.empty())) {
    std::fputs("kith: --kerberos takes neither --login nor a password\n", stderr);
    return static_cast<int>(Exit::usage);
  }
  return static_cast<int>(kith::tool::run(options, command));
}
