#include <CLI/CLI.hpp>

#include <string>

#include "tools/kith/talk_commands.h"

namespace kith::tool {

namespace {

constexpr const char* ending =
    "\n\nTakes --user, --login, --password-file, --password-stdin, --transport, --ca, --trace,\n"
    "--json and --timeout of kith --help, too. Where --user is given, and a password in\n"
    "KITH_PASSWORD or by one of the two options, challenges of Digest are answered. Without\n"
    "--transport, and for names, the DNS says where to go (RFC 3263).\n"
    "\n"
    "Exit status: 0 the answer is 2xx, 1 it is another or a signal came first, 2 wrong usage,\n"
    "3 no answer, or it could not be sent.";

/// What the help of one command says.
struct Words {
  const char* name;
  const char* what;
  const char* examples;
};

CLI::App& add_command(CLI::App& app, TalkCommands& commands, const Words& words,
                      Exit (*run)(const Options&, const TalkCommands&)) {
  CLI::App* const command = app.add_subcommand(words.name, words.what);
  command->footer(std::string("Examples:\n") + words.examples + ending);
  command->callback([&commands, run] { commands.chosen = run; });
  command->add_option("--proxy", commands.talk.proxy,
                      "HOST, HOST:PORT or a URI that everything is sent to first");
  command->add_option("--from", commands.talk.from,
                      "the URI in From; without it --user, or nobody's");
  command->add_option("--local", commands.talk.local,
                      "HOST:PORT to send from and be reached at; without it, a port that is free");
  command
      ->add_option("--header", commands.talk.headers,
                   "\"Name: value\" to put on the request; may be repeated")
      ->allow_extra_args(false);
  return *command;
}

CLI::Option* add_target(CLI::App& command, TalkCommands& commands, const char* example) {
  return command.add_option("uri", commands.talk.target, example);
}

const CLI::Range seconds(0.0, 1e6, "SECONDS");

void add_asking(CLI::App& app, TalkCommands& commands) {
  constexpr int count_max = 1'000'000;
  CLI::App& options = add_command(app, commands,
                                  {"options", "asks what a peer can do, and how fast it answers",
                                   "  kith options sip:192.0.2.7\n"
                                   "  kith options --count 5 --interval 0.2 sip:bob@example.com"},
                                  run_options);
  add_target(options, commands, "whom to ask: sip:bob@example.com")->required();
  options.add_option("--count", commands.options.count, "how often")
      ->check(CLI::Range(1, count_max))
      ->capture_default_str();
  options.add_option("--interval", commands.options.interval_seconds, "seconds between two")
      ->check(seconds)
      ->capture_default_str();

  CLI::App& send = add_command(app, commands,
                               {"send", "sends any request, with its transaction",
                                "  kith send invite.sip --proxy 192.0.2.7\n"
                                "  sed s/bob/carol/ refer.sip | kith send -"},
                               run_send);
  send.add_option("file", commands.send.file,
                  "one request as it is on the wire; - is standard input. Via is replaced; "
                  "Max-Forwards, From, To, Call-ID and CSeq are added where they are missing")
      ->required();

  CLI::App& message = add_command(app, commands,
                                  {"message", "sends a text, or a file, as a MESSAGE",
                                   "  kith message sip:bob@example.com 'Lunch?'\n"
                                   "  kith message sip:bob@example.com --body note.html "
                                   "--type text/html"},
                                  run_message);
  add_target(message, commands, "to whom: sip:bob@example.com")->required();
  CLI::Option* const text = message.add_option("text", commands.message.text, "what to say");
  message.add_option("--body", commands.message.body, "a file instead; - is standard input")
      ->excludes(text);
  message.add_option("--type", commands.message.type, "its Content-Type")->capture_default_str();
}

CLI::Option* add_certificate(CLI::App& command, TalkCommands& commands, const std::string& what) {
  CLI::Option* const certificate =
      command.add_option("--certificate", commands.talk.certificate, what);
  CLI::Option* const key =
      command.add_option("--key", commands.talk.key, "of --certificate: PEM file of its key");
  certificate->needs(key);
  key->needs(certificate);
  return certificate;
}

void add_register(CLI::App& app, TalkCommands& commands) {
  CLI::App& command = add_command(
      app, commands,
      {"register", "registers an address and keeps it so until a signal comes, then removes it",
       "  kith register --user alice@example.com --password-file secret\n"
       "  kith register sip:alice@example.com --proxy 192.0.2.7 --once\n"
       "  kith register sip:alice@example.com --fetch"},
      run_register);
  RegisterCommand& told = commands.register_;
  add_target(command, commands, "the address of record; without it, --user");
  command.add_option("--registrar", told.registrar, "its URI; without it, the address's domain");
  command.add_option("--contact", told.contact, "the URI to bind; without it, where we listen");
  command.add_option("--instance", told.instance,
                     "the URN of this device, urn:uuid:...; asks for outbound (RFC 5626)");
  command.add_option("--expires", told.expires_seconds, "for how many seconds")
      ->check(CLI::Range(1, 604'800))
      ->capture_default_str();
  command.add_option("--duration", told.duration_seconds, "seconds until it is removed")
      ->check(seconds);
  add_certificate(command, commands,
                  "PEM file, shown over TLS to who asks; TLS is listened to, too, one port above "
                  "--local");
  command.add_flag("--no-alias", commands.talk.no_alias,
                   "with --certificate: do not offer our connection for requests to us (RFC 5923)");
  CLI::Option* const once =
      command.add_flag("--once", told.once, "end when it is registered, and leave it so");
  CLI::Option* const fetch =
      command.add_flag("--fetch", told.fetch, "only ask what is bound")->excludes(once);
  command.add_flag("--remove-all", told.remove_all, "remove everybody's bindings")
      ->excludes(once)
      ->excludes(fetch);
}

void add_subscribe(CLI::App& app, TalkCommands& commands) {
  CLI::App& command =
      add_command(app, commands,
                  {"subscribe", "prints the NOTIFYs of an event until a signal comes",
                   "  kith subscribe sip:bob@example.com --event presence\n"
                   "  kith subscribe sip:bob@example.com --event dialog --expires 0"},
                  run_subscribe);
  SubscribeCommand& told = commands.subscribe;
  add_target(command, commands, "whose: sip:bob@example.com")->required();
  command.add_option("--event", told.event, "the event package")->capture_default_str();
  command.add_option("--accept", told.accept, "which bodies: application/pidf+xml");
  command.add_option("--expires", told.expires_seconds, "for how many seconds; 0 asks once")
      ->check(CLI::Range(0, 604'800))
      ->capture_default_str();
  command.add_option("--count", told.count, "end after so many NOTIFYs")
      ->check(CLI::Range(1, 1'000'000));
  command.add_option("--duration", told.duration_seconds, "end after so many seconds")
      ->check(seconds);
}

void add_call(CLI::App& app, TalkCommands& commands) {
  CLI::App& command =
      add_command(app, commands,
                  {"call", "makes a call without media, or waits for calls, and says what happens",
                   "  kith call sip:bob@example.com --offer alice.sdp --duration 10\n"
                   "  kith call --listen --local 192.0.2.7:5060 --answer bob.sdp --ring 2"},
                  run_call);
  CallCommand& told = commands.call;
  add_target(command, commands, "whom to call: sip:bob@example.com");
  CLI::Option* const listen = command.add_flag("--listen", told.listen, "wait for calls instead");
  command.add_option("--offer", told.offer,
                     "SDP of the INVITE, or of the 200 where that had none; without it, none");
  command.add_option("--answer", told.answer,
                     "SDP that answers an offer; without it, every stream is refused");
  command.add_option("--save", told.save, "a file for what the peer offers or answers");
  command
      .add_option("--duration", told.duration_seconds,
                  "seconds until we hang up; without it, when a signal comes")
      ->check(seconds);
  add_certificate(command, commands,
                  "of --listen: PEM file; TLS is listened to, too, one port above --local")
      ->needs(listen);
  command.add_option("--status", told.status, "of --listen: how calls are answered")
      ->check(CLI::Range(200, 699))
      ->needs(listen)
      ->capture_default_str();
  command.add_option("--ring", told.ring_seconds, "of --listen: seconds of 180 before that")
      ->check(seconds)
      ->needs(listen);
  command.add_option("--count", told.count, "of --listen: end after so many calls")
      ->check(CLI::Range(1, 1'000'000))
      ->needs(listen);
}

}  // namespace

void add_talk_commands(CLI::App& app, TalkCommands& commands) {
  add_asking(app, commands);
  add_register(app, commands);
  add_subscribe(app, commands);
  add_call(app, commands);
}

}  // namespace kith::tool
