#include <fmt/format.h>

#include <chrono>

#include "kith/sip/header/cseq.h"
#include "kith/sip/header/rack.h"
#include "kith/sip/header/require.h"
#include "kith/sip/header/rseq.h"
#include "kith/sip/header/supported.h"
#include "kith/sip/method.h"
#include "kith/ua/required.h"
#include "tools/kith/conversation.h"
#include "tools/kith/shown.h"
#include "tools/kith/talk_commands.h"
#include "tools/kith/talk_text.h"

namespace kith::tool {

namespace {

// ---- Who calls ----------------------------------------------------------------------------------

class Caller {
 public:
  Caller(const Options& options, const CallCommand& command, Talk& talk,
         const Descriptions& descriptions)
      : options_(options), command_(command), talk_(talk), descriptions_(descriptions) {}

  Maybe<Exit> run() {
    const Maybe<Flow> flow = talk_.reach();
    if (!flow) return std::unexpected(flow.error());
    const std::string contact = "<" + talk_.contact(*flow) + ">";
    sip::Message invite = talk_.request(sip::method::invite);
    invite.add("Contact", contact);
    invite.add("Allow", allowed);
    invite.add(sip::Supported{{"100rel"}});
    put_body(invite, sdp_type, descriptions_.offer);
    const std::string target = talk_.target().to_string();
    say(options_, "calling " + target + "\n",
        fmt::format(R"("state":"calling","to":{})", json_text(target)));
    const Maybe<Answered> answered =
        talk_.ask(std::move(invite), [this](const ua::Response& response) { progress(response); });
    if (!answered) return std::unexpected(answered.error());
    if (!answered->success()) return tell(options_, *answered);
    return converse(*answered, contact);
  }

 private:
  void progress(const ua::Response& response) {
    const sip::Message& message = response.message;
    const bool reliable = sip::lists<sip::Require>(message, "100rel");
    say(options_, status_text(message) + (reliable ? ", reliably\n" : "\n"),
        fmt::format(R"("state":"proceeding","status":{},"reason":{},"reliable":{})",
                    message.status(), json_text(message.reason()), reliable));
    if (!reliable || !response.dialog) return;
    if (!message.body().empty()) early_ = message.body();
    const bool acknowledged =
        is_offer(message) ? answer_early(*response.dialog, response)
                          : talk_.agent().prack(*response.dialog, message, talk_.now()).has_value();
    if (!acknowledged)
      say(options_, "not acknowledged: its RSeq is of no use\n", R"("state":"unacknowledged")");
  }

  /// RFC 3261 §13.2.1: of a peer that was offered nothing, the first description is an offer.
  bool is_offer(const sip::Message& message) const {
    return descriptions_.offer.empty() && answer_.empty() && !message.body().empty();
  }

  /// RFC 3262 §5: the answer to an offer in a reliable provisional response is in its PRACK.
  bool answer_early(ua::DialogId dialog, const ua::Response& response) {
    const auto number = response.message.require<sip::RSeq>();
    const auto cseq = response.message.require<sip::CSeq>();
    std::optional<sip::Message> prack = talk_.agent().draft(dialog, sip::method::prack);
    if (!number || !cseq || !prack) return false;
    answer_ = descriptions_.answer_to(response.message.body(), response.flow.local);
    prack->add(sip::RAck{number->response_number, cseq->sequence, cseq->method});
    put_body(*prack, sdp_type, answer_);
    return talk_.agent().send(dialog, *std::move(prack), talk_.now()).has_value();
  }

  /// RFC 3261 §13.2.1: the answer to an offer in the 200 is in the ACK.
  Maybe<void> acknowledge(const Answered& answered) {
    if (!answered.dialog) return fail(Exit::network, "the 200 makes no dialog");
    const bool answers = is_offer(answered.message);
    if (answers) answer_ = descriptions_.answer_to(answered.message.body(), answered.flow.local);
    if (!talk_.agent().ack(*answered.dialog, talk_.now(), answers ? sdp_type : "",
                           answers ? answer_ : ""))
      return fail(Exit::network, "the ACK could not be sent: the dialog is gone");
    return {};
  }

  Maybe<Exit> converse(const Answered& answered, const std::string& contact) {
    if (const Maybe<void> acknowledged = acknowledge(answered); !acknowledged)
      return std::unexpected(acknowledged.error());
    const std::string_view last = answered.message.body();
    if (const Maybe<void> saved = save(command_, last.empty() ? early_ : last); !saved)
      return std::unexpected(saved.error());
    say(options_, fmt::format("established with {}\n", place_text(answered.flow)),
        R"("state":"established",)" + answer_json(answered));
    CallCommand until = command_;
    if (answered.given_up) until.duration_seconds = 1e-3;
    Maybe<Exit> exit = Conversation(options_, until, talk_, *answered.dialog, contact,
                                    answer_.empty() ? descriptions_.offer : answer_)
                           .run();
    if (exit && answered.given_up) return Exit::refused;
    return exit;
  }

  const Options& options_;
  const CallCommand& command_;
  Talk& talk_;
  const Descriptions& descriptions_;
  std::string early_;   // what the peer said in a reliable provisional response
  std::string answer_;  // to what the peer offered; empty: nothing was
};

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
  /// Whether it was not cancelled before. RFC 3262 §3: who requires it gets provisional responses
  /// that it acknowledges.
  bool respond(const ua::Request& invite, sip::Message response) {
    const int status = response.status();
    const bool reliably = status / 100 == 1 && sip::lists<sip::Require>(invite.message, "100rel");
    // RFC 3261 §13.2.1: an offer is in the first response that certainly arrives.
    if (status / 100 == 2 ? !offered_ : reliably && invite.message.body().empty())
      put_body(response, sdp_type, description_);
    offered_ = offered_ || (reliably && !response.body().empty());
    const auto sent =
        reliably
            ? talk_.agent().respond_reliably(invite.transaction, std::move(response), talk_.now())
            : talk_.agent().respond(invite.transaction, std::move(response), talk_.now());
    if (!sent) {
      say(options_, "ended: cancelled\n", R"("state":"ended","why":"cancelled")");
      return false;
    }
    say(options_,
        fmt::format("answered {} {}{}\n", status, sip::reason_phrase(status),
                    reliably ? ", reliably" : ""),
        fmt::format(R"("state":"answered","status":{},"reliable":{})", status, reliably));
    return true;
  }
  bool respond(const ua::Request& invite, int status) {
    sip::Message response = sip::Message::response(invite.message, status);
    response.add("Contact", contact_);
    return respond(invite, std::move(response));
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
    if (auto refusal = ua::refuse_required(invite.message, {{"100rel"}})) {
      respond(invite, *std::move(refusal));
      return Exit::done;
    }
    offered_ = false;
    description_ = offer.empty() ? descriptions_.offer_from(invite.flow.local)
                                 : descriptions_.answer_to(offer, invite.flow.local);
    if (command_.ring_seconds > 0) {
      const Maybe<bool> patient = ring(invite);
      if (!patient) return std::unexpected(patient.error());
      if (!*patient) return Exit::done;
    }
    if (command_.status >= 300) {
      respond(invite, command_.status);
      return Exit::done;
    }
    if (!respond(invite, command_.status)) return Exit::done;
    return follow();
  }

  /// Whether the caller is there still.
  Maybe<bool> ring(const ua::Request& invite) {
    if (!respond(invite, 180)) return false;
    const Time until = talk_.now() + seconds_of(command_.ring_seconds);
    bool waits = offered_;  // for the answer, which is in the PRACK: RFC 3262 §5
    while (std::optional<ua::Event> event = talk_.next(waits ? never : until)) {
      const auto* cancelled = std::get_if<ua::Cancelled>(&*event);
      if (cancelled != nullptr && cancelled->invite == invite.transaction) {
        say(options_, "ended: cancelled\n", R"("state":"ended","why":"cancelled")");
        return false;
      }
      if (std::holds_alternative<ua::NotAcknowledged>(*event)) {
        respond(invite, 504);
        return false;
      }
      const auto* request = std::get_if<ua::Request>(&*event);
      if (request == nullptr) continue;
      if (waits && request->message.method() == sip::method::prack) {
        waits = false;
        if (const Maybe<void> saved = save(command_, request->message.body()); !saved)
          return std::unexpected(saved.error());
      }
      answer_other(talk_, *request);
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
  bool offered_ = false;  // in a provisional response
};

Maybe<Exit> call(const Options& options, const TalkCommands& commands) {
  const CallCommand& command = commands.call;
  if (command.listen != commands.talk.target.empty())
    return fail(Exit::usage, command.listen ? "--listen waits; it takes nobody to be called"
                                            : "who is to be called? kith call sip:bob@example.com, "
                                              "or kith call --listen");
  if (command.listen && options.transport == Transport::tls && commands.talk.certificate.empty())
    return fail(Exit::usage,
                "who is listened to over TLS shows a certificate: give --certificate and --key");
  const Maybe<Descriptions> descriptions = descriptions_of(command);
  if (!descriptions) return std::unexpected(descriptions.error());
  Talk talk(options, commands.talk);
  if (const Maybe<void> open = talk.open(call_config()); !open)
    return std::unexpected(open.error());
  Maybe<Exit> exit = command.listen ? Callee(options, command, talk, *descriptions).run()
                                    : Caller(options, command, talk, *descriptions).run();
  talk.flush();
  return exit;
}

}  // namespace

Exit run_call(const Options& options, const TalkCommands& commands) {
  return tell(options, call(options, commands));
}

}  // namespace kith::tool
