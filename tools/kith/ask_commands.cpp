#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iostream>

#include "kith/sip/method.h"
#include "tools/kith/message_source.h"
#include "tools/kith/talk_commands.h"
#include "tools/kith/talk_text.h"

// The commands that ask once, or again and again: options, send, message.
namespace kith::tool {

namespace {

/// What came of several requests.
struct Tally {
  int sent = 0;
  int answered = 0;
  Duration least = Duration::max();
  Duration most{};
  Duration sum{};

  void add(Duration took) {
    ++answered;
    least = std::min(least, took);
    most = std::max(most, took);
    sum += took;
  }
  std::string text() const {
    const auto ms = [](Duration duration) {
      return std::chrono::duration<double, std::milli>(duration).count();
    };
    std::string text = fmt::format("{} sent, {} answered", sent, answered);
    if (answered > 0)
      text += fmt::format("; {:.1f} to {:.1f} ms, {:.1f} on average", ms(least), ms(most),
                          ms(sum) / answered);
    return text + "\n";
  }
};

/// The worse of two: no answer, then refused, then done.
Exit worse(Exit one, Exit other) { return std::max(one, other); }

Maybe<sip::Message> message_of(const std::string& file) {
  const Maybe<std::string> text = content_of(file);
  if (!text) return std::unexpected(text.error());
  const std::vector<std::string_view> messages = split_messages(*text);
  if (messages.size() != 1)
    return fail(Exit::usage, fmt::format("{}: {} messages; one is sent", file, messages.size()));
  Result<sip::Message> message = sip::Message::parse(std::string{messages.front()});
  if (!message)
    return fail(Exit::usage, fmt::format("{}: no SIP message: {} {}; kith lint says more", file,
                                         message.error().where, to_string(message.error().fault)));
  if (!message->is_request()) return fail(Exit::usage, file + ": a response; a request is sent");
  return *std::move(message);
}

/// What the message lacks; Via is the agent's.
void fill_in(sip::Message& message, const sip::Message& model) {
  message.remove("Via");
  if (!message.has("To")) message.add("To", "<" + std::string{message.request_uri()} + ">");
  for (const std::string_view name : {"Max-Forwards", "From", "Call-ID", "CSeq"})
    if (!message.has(name)) message.add(name, model.text(name));
}

/// An ACK has no transaction, and no answer: RFC 3261 §13.2.2.4
Maybe<Exit> send_ack(const Options& options, Talk& talk, sip::Message ack) {
  if (const Maybe<void> completed = talk.complete(ack); !completed)
    return std::unexpected(completed.error());
  const Maybe<Flow> flow = talk.reach();
  if (!flow) return std::unexpected(flow.error());
  talk.agent().forward(*flow, std::move(ack));
  talk.flush();
  say(options, "sent to " + place_text(*flow) + "; an ACK has no answer\n",
      fmt::format(R"("sent":"ACK","to":"{}")", flow->remote.text()));
  return Exit::done;
}

bool makes_dialog(std::string_view method) {
  return method == sip::method::invite || method == sip::method::subscribe ||
         method == sip::method::refer;
}

/// A call that an INVITE made is not left open.
void hang_up(Talk& talk, const Answered& answered) {
  if (!answered.dialog || answered.request.method() != sip::method::invite) return;
  if (!talk.agent().ack(*answered.dialog, talk.now())) return;
  std::cerr << "kith: a call was made; it is acknowledged and hung up\n";
  if (const Maybe<Answered> bye = talk.ask_in(*answered.dialog, "BYE"); !bye)
    std::cerr << "kith: BYE: " << bye.error().sentence << "\n";
}

Maybe<Exit> send(const Options& options, const TalkCommands& commands) {
  Maybe<sip::Message> message = message_of(commands.send.file);
  if (!message) return std::unexpected(message.error());
  TalkOptions told = commands.talk;
  // A proxy may know what to do with any URI.
  told.target = told.proxy.empty() ? std::string{message->request_uri()} : told.proxy;
  Talk talk(options, told);
  if (const Maybe<void> open = talk.open(); !open) return std::unexpected(open.error());
  fill_in(*message, talk.request(message->method()));
  if (message->method() == sip::method::ack) return send_ack(options, talk, *std::move(message));
  if (makes_dialog(message->method()) && !message->has("Contact")) {
    const Maybe<Flow> flow = talk.reach();
    if (!flow) return std::unexpected(flow.error());
    message->add("Contact", "<" + talk.contact(*flow) + ">");
  }
  const Maybe<Answered> answered = talk.ask(*std::move(message));
  if (!answered) return std::unexpected(answered.error());
  const Exit exit = tell(options, *answered);
  if (answered->success()) hang_up(talk, *answered);
  talk.flush();
  return exit;
}

Maybe<Exit> message(const Options& options, const TalkCommands& commands) {
  std::string body = commands.message.text;
  if (!commands.message.body.empty()) {
    Maybe<std::string> content = content_of(commands.message.body);
    if (!content) return std::unexpected(content.error());
    body = *std::move(content);
  }
  Talk talk(options, commands.talk);
  if (const Maybe<void> open = talk.open(); !open) return std::unexpected(open.error());
  sip::Message request = talk.request(sip::method::message);
  put_body(request, commands.message.type, body);
  const Maybe<Answered> answered = talk.ask(std::move(request));
  if (!answered) return std::unexpected(answered.error());
  return tell(options, *answered);
}

/// Each is asked whatever became of the one before.
Maybe<Exit> ask_options(const Options& options, const TalkCommands& commands) {
  Talk talk(options, commands.talk);
  if (const Maybe<void> open = talk.open(); !open) return std::unexpected(open.error());
  const OptionsCommand& command = commands.options;
  Tally tally;
  Exit exit = Exit::done;
  Time due = talk.now();
  while (tally.sent < command.count && !talk.stopped()) {
    if (tally.sent > 0) {
      due += seconds_of(command.interval_seconds);
      while (talk.next(due)) continue;  // of no concern here
      if (talk.stopped()) break;
    }
    sip::Message request = talk.request(sip::method::options);
    request.add("Accept", "application/sdp");
    ++tally.sent;
    const Maybe<Answered> answered = talk.ask(std::move(request));
    if (!answered && (command.count == 1 || answered.error().exit == Exit::usage))
      return std::unexpected(answered.error());
    exit = worse(exit, answered ? tell(options, *answered) : tell(options, answered.error()));
    if (answered) tally.add(answered->took);
  }
  if (command.count > 1 && !options.json) std::cout << tally.text();
  return exit;
}

}  // namespace

Exit run_options(const Options& options, const TalkCommands& commands) {
  return tell(options, ask_options(options, commands));
}

Exit run_send(const Options& options, const TalkCommands& commands) {
  return tell(options, send(options, commands));
}

Exit run_message(const Options& options, const TalkCommands& commands) {
  return tell(options, message(options, commands));
}

}  // namespace kith::tool
