#include <fmt/format.h>

#include <chrono>
#include <iostream>
#include <map>

#include "kith/base/overloaded.h"
#include "kith/sip/method.h"
#include "kith/ua/registration.h"
#include "tools/kith/shown.h"
#include "tools/kith/talk_commands.h"
#include "tools/kith/talk_text.h"

namespace kith::tool {

namespace {

using ua::Registration;

constexpr std::uint32_t only_flow = 1;

std::string_view sentence(Registration::Failure why) {
  using enum Registration::Failure;
  switch (why) {
    case no_flow:
      return "the registrar could not be reached";
    case no_pong:
      return "the connection is dead";
    case not_answered:
      return "nobody answered, however often it was sent";
    case refused_now:
      return "refused";
    case expired:
      return "it has expired";
    case not_bound:
      return "the registrar said yes, but our contact is not among its bindings";
  }
  std::unreachable();
}

std::string_view sentence(Registration::Ending why) {
  using enum Registration::Ending;
  switch (why) {
    case removed:
      return "removed";
    case unreachable:
      return "the registrar could not be told that we leave";
    case redirected:
      return "redirected";
    case credentials:
      return "the registrar asks for other credentials";
    case refused:
      return "refused";
    case interval:
      return "the registrar wants an interval that it does not name";
  }
  std::unreachable();
}

/// A registration that is kept alive until a signal comes.
class Registering final : private ua::Credentials {
 public:
  Registering(const Options& options, const RegisterCommand& command, Talk& talk,
              ua::RegistrationWish wish)
      : options_(options),
        command_(command),
        talk_(talk),
        aor_(wish.aor),
        registration_(std::move(wish), talk.host().random(), this) {}

  Maybe<Exit> run() {
    const Time first_by = talk_.now() + options_.timeout;
    registration_.start(talk_.now());
    while (true) {
      drain();
      if (over_) return *over_;
      if (registered_ && command_.once) return Exit::done;
      if (leaving_ && talk_.stopped()) return fail(Exit::refused, "stopped by a signal");
      if ((talk_.stopped() || talk_.now() >= leave_at_) && !leaving_) {
        if (!registered_) return fail(Exit::refused, "stopped by a signal");
        leave();
        continue;
      }
      if (!registered_ && talk_.now() >= first_by)
        return fail(Exit::network, "no answer within " + std::to_string(options_.timeout / 1s) +
                                       " s; --timeout waits longer");
      Time until = std::min(registration_.next_deadline(), leaving_ ? never : leave_at_);
      if (!registered_) until = std::min(until, first_by);
      if (std::optional<ua::Event> event = talk_.next(until)) take(*event);
      registration_.tick(talk_.now());
    }
  }

 private:
  void authorize(sip::Message& request) override { talk_.authorize(request); }
  bool challenged(const sip::Message& request, const sip::Message& response) override {
    return talk_.challenged(request, response, attempt_);
  }

  void leave() {
    leaving_ = true;
    talk_.go_on();
    registration_.stop(talk_.now());
  }

  void drain() {
    while (std::optional<Registration::Output> output = registration_.poll())
      std::visit([this](auto& each) { on(each); }, *output);
  }

  void on(const Registration::NeedFlow& need) {
    const Maybe<Flow> flow = talk_.reach();
    if (!flow) {
      unreachable_ = flow.error().sentence;
      registration_.flow_down(need.reg_id, talk_.now());
      return;
    }
    const std::string contact = command_.contact.empty() ? talk_.contact(*flow) : command_.contact;
    registration_.flow_up(need.reg_id, {.flow = *flow, .contact = contact, .route = {}},
                          talk_.now());
  }
  void on(Registration::Register& wanted) {
    if (const Maybe<void> completed = talk_.complete(wanted.request); !completed) {
      over_ = tell(options_, completed.error());
      return;
    }
    const ua::TransactionId id =
        talk_.agent().request(wanted.flow, std::move(wanted.request), talk_.now());
    asked_[id] = wanted.sequence;
  }
  void on(const Registration::Ping& ping) { talk_.agent().ping(ping.flow, talk_.now()); }
  void on(const Registration::CloseFlow& closed) {
    if (is_stream(closed.flow.transport)) talk_.agent().close(closed.flow, talk_.now());
  }
  void on(const Registration::Registered& registered) {
    const ua::Binding* const binding = registration_.binding(registered.reg_id);
    const auto seconds =
        binding == nullptr
            ? 0
            : std::chrono::round<std::chrono::seconds>(binding->expires - talk_.now()).count();
    say(options_, fmt::format("registered {} for {} s\n", aor_, seconds),
        fmt::format(R"("state":"registered","aor":{},"expires":{})", json_text(aor_), seconds));
    if (!registered_ && command_.duration_seconds > 0)
      leave_at_ = talk_.now() + seconds_of(command_.duration_seconds);
    registered_ = true;
  }
  void on(const Registration::Failed& failed) {
    std::string why{sentence(failed.why)};
    if (failed.status != 0) why += fmt::format(" with {} {}", failed.status, reason_);
    if (failed.status == 0 && !unreachable_.empty()) why += ": " + unreachable_;
    const Failure failure{.exit = failed.status != 0 ? Exit::refused : Exit::network,
                          .sentence = "not registered: " + why};
    const Exit exit = tell(options_, failure);
    if (!registered_) over_ = exit;
  }
  void on(const Registration::Over& over) {
    if (over.why == Registration::Ending::removed) {
      say(options_, "removed\n", R"("state":"removed")");
      over_ = Exit::done;
      return;
    }
    std::string why{sentence(over.why)};
    if (over.status != 0) why += fmt::format(" with {} {}", over.status, shown(over.reason));
    if (over.why == Registration::Ending::credentials && !talk_.has_password())
      why += "; give --user, and the password in KITH_PASSWORD or by --password-file";
    over_ = tell(options_, {.exit = over.why == Registration::Ending::unreachable ? Exit::network
                                                                                  : Exit::refused,
                            .sentence = (leaving_ ? "" : "not registered: ") + why});
  }
  void on(const Registration::Bindings&) {}

  void take(const ua::Event& event) {
    if (const auto* response = std::get_if<ua::Response>(&event)) {
      if (!asked_.contains(response->transaction)) return;
      const int status = response->message.status();
      if (status != 401 && status != 407) attempt_ = {};
      reason_ = shown(response->message.reason());
      registration_.answered(response->message, talk_.now());
    } else if (const auto* ended = std::get_if<ua::TransactionEnded>(&event)) {
      const auto asked = asked_.find(ended->transaction);
      if (asked == asked_.end()) return;
      unreachable_ = ended->error ? ended->error.message() : "";
      registration_.not_answered(asked->second, talk_.now());
      asked_.erase(asked);
    } else if (std::holds_alternative<ua::PongReceived>(event)) {
      registration_.pong(only_flow, talk_.now());
    } else if (const auto* closed = std::get_if<ua::FlowClosed>(&event)) {
      registration_.flow_down(only_flow, talk_.now());
      unreachable_ = closed->error ? closed->error.message() : "the connection was closed";
    }
  }

  const Options& options_;
  const RegisterCommand& command_;
  Talk& talk_;
  const std::string aor_;
  Registration registration_;
  std::map<ua::TransactionId, std::uint32_t> asked_;  // REGISTERs, by their CSeq numbers
  auth::Attempt attempt_;                             // of the REGISTER that is under way
  std::string reason_;                                // of the last response
  std::string unreachable_;
  Time leave_at_ = never;
  bool registered_ = false;
  bool leaving_ = false;
  std::optional<Exit> over_;
};

/// What is bound, or after --remove-all nothing any more: RFC 3261 §10.2.2, §10.2.3
Maybe<Exit> ask_registrar(const Options& options, const RegisterCommand& command, Talk& talk,
                          sip::Message request) {
  if (command.remove_all) {
    request.add("Contact", "*");
    request.add("Expires", "0");
  }
  const Maybe<Answered> answered = talk.ask(std::move(request));
  if (!answered) return std::unexpected(answered.error());
  return tell(options, *answered);
}

/// The registrar of a domain has no user: RFC 3261 §10.2
Maybe<sip::Uri> registrar_of(const RegisterCommand& command, const sip::Uri& aor) {
  if (!command.registrar.empty()) return uri_of(command.registrar, "--registrar");
  sip::Uri registrar = aor;
  registrar.user.clear();
  registrar.password.reset();
  return registrar;
}

Maybe<Exit> registering(const Options& options, const TalkCommands& commands) {
  const RegisterCommand& command = commands.register_;
  const std::string& who = commands.talk.target.empty() ? options.user : commands.talk.target;
  if (who.empty())
    return fail(Exit::usage, "who is to be registered? kith register sip:alice@example.com");
  const Maybe<sip::Uri> aor = uri_of(who, "the address of record");
  if (!aor) return std::unexpected(aor.error());
  const Maybe<sip::Uri> registrar = registrar_of(command, *aor);
  if (!registrar) return std::unexpected(registrar.error());
  TalkOptions told = commands.talk;
  told.target = registrar->to_string();
  if (told.from.empty()) told.from = aor->to_string();
  Talk talk(options, told);
  if (const Maybe<void> open = talk.open(); !open) return std::unexpected(open.error());
  sip::Message request = talk.request(sip::method::register_);
  request.set("To", "<" + aor->to_string() + ">");
  if (command.fetch || command.remove_all)
    return ask_registrar(options, command, talk, std::move(request));
  const ua::RegistrationWish wish{
      .registrar = registrar->to_string(),
      .aor = aor->to_string(),
      .call_id = std::string{request.text("Call-ID")},
      .instance = command.instance,
      .expires_seconds = static_cast<std::uint32_t>(command.expires_seconds)};
  Maybe<Exit> exit = Registering(options, command, talk, wish).run();
  talk.flush();
  return exit;
}

}  // namespace

Exit run_register(const Options& options, const TalkCommands& commands) {
  return tell(options, registering(options, commands));
}

}  // namespace kith::tool
