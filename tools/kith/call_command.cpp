#include <fmt/format.h>

#include <chrono>

#include "kith/sip/method.h"
#include "tools/kith/conversation.h"
#include "tools/kith/shown.h"
#include "tools/kith/talk_commands.h"
#include "tools/kith/talk_text.h"

namespace kith::tool {

namespace {

// ---- Who calls ----------------------------------------------------------------------------------

void tell_provisional(const Options& options, const ua::Response& response) {
  say(options, status_text(response.message) + "\n",
      fmt::format(R"("state":"proceeding","status":{},"reason":{})", response.message.status(),
                  json_text(response.message.reason())));
}

/// RFC 3261 §13.2.1: the answer to an offer in the 200 is in the ACK.
Maybe<std::string> acknowledge(Talk& talk, const Answered& answered,
                               const Descriptions& descriptions) {
  if (!answered.dialog) return fail(Exit::network, "the 200 makes no dialog");
  std::string answer;
  if (descriptions.offer.empty() && !answered.message.body().empty())
    answer = descriptions.answer_to(answered.message.body(), answered.flow.local);
  const bool has_answer = !answer.empty();
  if (!talk.agent().ack(*answered.dialog, talk.now(), has_answer ? sdp_type : "", answer))
    return fail(Exit::network, "the ACK could not be sent: the dialog is gone");
  return has_answer ? answer : descriptions.offer;
}

Maybe<Exit> calling(const Options& options, const CallCommand& command, Talk& talk,
                    const Descriptions& descriptions) {
  const Maybe<Flow> flow = talk.reach();
  if (!flow) return std::unexpected(flow.error());
  const std::string contact = "<" + talk.contact(*flow) + ">";
  sip::Message invite = talk.request(sip::method::invite);
  invite.add("Contact", contact);
  invite.add("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO, MESSAGE");
  put_body(invite, sdp_type, descriptions.offer);
  const std::string target = talk.target().to_string();
  say(options, "calling " + target + "\n",
      fmt::format(R"("state":"calling","to":{})", json_text(target)));
  const Maybe<Answered> answered = talk.ask(std::move(invite), [&](const ua::Response& response) {
    tell_provisional(options, response);
  });
  if (!answered) return std::unexpected(answered.error());
  if (!answered->success()) return tell(options, *answered);
  const Maybe<std::string> description = acknowledge(talk, *answered, descriptions);
  if (!description) return std::unexpected(description.error());
  if (const Maybe<void> saved = save(command, answered->message.body()); !saved)
    return std::unexpected(saved.error());
  say(options, fmt::format("established with {}\n", place_text(answered->flow)),
      R"("state":"established",)" + answer_json(*answered));
  CallCommand until = command;
  if (answered->given_up) until.duration_seconds = 1e-3;
  Maybe<Exit> exit =
      Conversation(options, until, talk, *answered->dialog, contact, *description).run();
  if (exit && answered->given_up) return Exit::refused;
  return exit;
}

// ---- Who is called ------------------------------------------------------------------------------

class Callee {
 public:
  Callee(const Options& options, const CallCommand& command, Talk& talk,
         const Descriptions& descriptions)
      : options_(options), command_(command), talk_(talk), descriptions_(descriptions) {}

  Maybe<Exit> run() {
    for (const auto& [transport, address] : talk_.listening())
      say(options_, fmt::format("listening on {} over {}\n", address.text(), to_string(transport)),
          fmt::format(R"("listening":"{}","transport":"{}")", address.text(),
                      to_string(transport)));
    Exit exit = Exit::done;
    for (int taken = 0; command_.count == 0 || taken < command_.count;) {
      std::optional<ua::Event> event = talk_.next(never);
      if (!event) return exit;  // a signal
      const auto* request = std::get_if<ua::Request>(&*event);
      if (request == nullptr) continue;
      if (request->message.method() != sip::method::invite || request->dialog) {
        answer_other(talk_, *request);
        continue;
      }
      ++taken;
      const Maybe<Exit> ended = take(*request);
      if (!ended) return std::unexpected(ended.error());
      exit = std::max(exit, *ended);
      talk_.flush();
    }
    return exit;
  }

 private:
  /// Whether it was not cancelled before.
  bool respond(const ua::Request& invite, int status, std::string_view unsupported = {}) {
    sip::Message response = sip::Message::response(invite.message, status);
    response.add("Contact", contact_);
    if (!unsupported.empty()) response.add("Unsupported", unsupported);
    if (status / 100 == 2) put_body(response, sdp_type, description_);
    if (!talk_.agent().respond(invite.transaction, std::move(response), talk_.now())) {
      say(options_, "ended: cancelled\n", R"("state":"ended","why":"cancelled")");
      return false;
    }
    say(options_, fmt::format("answered {} {}\n", status, sip::reason_phrase(status)),
        fmt::format(R"("state":"answered","status":{})", status));
    return true;
  }

  Maybe<Exit> take(const ua::Request& invite) {
    contact_ = "<" + talk_.contact(invite.flow) + ">";
    const std::string_view offer = invite.message.body();
    const std::string from{invite.message.text("From")};
    say(options_, fmt::format("called by {} from {}\n", shown(from), place_text(invite.flow)),
        fmt::format(R"("state":"called","by":{},"from":"{}","transport":"{}","body":{})",
                    json_text(from), invite.flow.remote.text(), to_string(invite.flow.transport),
                    json_text(offer)));
    if (const Maybe<void> saved = save(command_, offer); !saved)
      return std::unexpected(saved.error());
    // RFC 3261 §8.2.2.3: no extension is understood here that a peer could insist on.
    if (const std::string_view wanted = invite.message.text("Require"); !wanted.empty()) {
      respond(invite, 420, wanted);
      return Exit::done;
    }
    if (command_.ring_seconds > 0 && !ring(invite)) return Exit::done;
    if (command_.status >= 300) {
      respond(invite, command_.status);
      return Exit::done;
    }
    description_ = offer.empty() ? descriptions_.offer_from(invite.flow.local)
                                 : descriptions_.answer_to(offer, invite.flow.local);
    if (!respond(invite, command_.status)) return Exit::done;
    return follow();
  }

  /// Whether the caller is there still.
  bool ring(const ua::Request& invite) {
    if (!respond(invite, 180)) return false;
    const Time until = talk_.now() + seconds_of(command_.ring_seconds);
    while (std::optional<ua::Event> event = talk_.next(until)) {
      const auto* cancelled = std::get_if<ua::Cancelled>(&*event);
      if (cancelled != nullptr && cancelled->invite == invite.transaction) {
        say(options_, "ended: cancelled\n", R"("state":"ended","why":"cancelled")");
        return false;
      }
      if (const auto* request = std::get_if<ua::Request>(&*event)) answer_other(talk_, *request);
    }
    if (talk_.stopped()) respond(invite, 480);
    return !talk_.stopped();
  }

  /// From our 200 on.
  Maybe<Exit> follow() {
    while (std::optional<ua::Event> event = talk_.next(never)) {
      if (const auto* ack = std::get_if<ua::Ack>(&*event); ack != nullptr && ack->dialog) {
        say(options_, "established\n", R"("state":"established")");
        return Conversation(options_, command_, talk_, *ack->dialog, contact_, description_).run();
      }
      if (const auto* ended = std::get_if<ua::DialogEnded>(&*event)) {
        const std::string_view why = to_string(ended->why);
        say(options_, fmt::format("ended: {}\n", why),
            fmt::format(R"("state":"ended","why":{})", json_text(why)));
        return Exit::network;
      }
      if (const auto* request = std::get_if<ua::Request>(&*event)) answer_other(talk_, *request);
    }
    return Exit::refused;
  }

  const Options& options_;
  const CallCommand& command_;
  Talk& talk_;
  const Descriptions& descriptions_;
  std::string contact_;
  std::string description_;
};

Maybe<Exit> call(const Options& options, const TalkCommands& commands) {
  const CallCommand& command = commands.call;
  if (command.listen != commands.talk.target.empty())
    return fail(Exit::usage, command.listen ? "--listen waits; it takes nobody to be called"
                                            : "who is to be called? kith call sip:bob@example.com, "
                                              "or kith call --listen");
  const Maybe<Descriptions> descriptions = descriptions_of(command);
  if (!descriptions) return std::unexpected(descriptions.error());
  Talk talk(options, commands.talk);
  if (const Maybe<void> open = talk.open(call_config()); !open)
    return std::unexpected(open.error());
  Maybe<Exit> exit = command.listen ? Callee(options, command, talk, *descriptions).run()
                                    : calling(options, command, talk, *descriptions);
  talk.flush();
  return exit;
}

}  // namespace

Exit run_call(const Options& options, const TalkCommands& commands) {
  return tell(options, call(options, commands));
}

}  // namespace kith::tool
