#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "kith/sip/header/expires.h"
#include "kith/sip/header/subscription_state.h"
#include "kith/sip/method.h"
#include "tools/kith/shown.h"
#include "tools/kith/talk_commands.h"
#include "tools/kith/talk_text.h"

namespace kith::tool {

namespace {

constexpr Duration last_notify_patience = 5s;
/// When so much of the time that was granted is left, it is asked for anew.
constexpr int refresh_part = 5;

Duration granted(const sip::Message& response, Duration wished) {
  const auto expires = response.get<sip::Expires>();
  return expires && *expires ? std::chrono::seconds{(*expires)->seconds} : wished;
}

/// One subscription: RFC 6665 §4.1
class Subscribing {
 public:
  Subscribing(const Options& options, const SubscribeCommand& command, Talk& talk)
      : options_(options), command_(command), talk_(talk) {}

  Maybe<Exit> run() {
    const Maybe<Flow> flow = talk_.reach();
    if (!flow) return std::unexpected(flow.error());
    contact_ = "<" + talk_.contact(*flow) + ">";
    sip::Message request = talk_.request(sip::method::subscribe);
    put_headers(request, command_.expires_seconds);
    const Maybe<Answered> answered = talk_.ask(std::move(request));
    if (!answered) return std::unexpected(answered.error());
    if (!answered->success()) return tell(options_, *answered);
    subscribed(*answered);
    if (command_.duration_seconds > 0)
      leave_at_ = talk_.now() + seconds_of(command_.duration_seconds);
    return follow();
  }

 private:
  void put_headers(sip::Message& request, int expires_seconds) {
    request.set("Event", command_.event);
    request.set("Contact", contact_);
    request.set("Expires", std::to_string(expires_seconds));
    if (!command_.accept.empty()) request.set("Accept", command_.accept);
  }

  void subscribed(const Answered& answered) {
    dialog_ = answered.dialog;
    const Duration time = granted(answered.message, std::chrono::seconds{command_.expires_seconds});
    refresh_at_ = talk_.now() + time - time / refresh_part;
    if (std::exchange(told_, true)) return;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time).count();
    say(options_, fmt::format("subscribed to {} for {} s\n", command_.event, seconds),
        fmt::format(R"("state":"subscribed","event":{},"expires":{})", json_text(command_.event),
                    seconds));
  }

  bool fetching() const { return command_.expires_seconds == 0; }

  Maybe<Exit> follow() {
    const Time first_by = talk_.now() + options_.timeout;
    while (true) {
      Time until = fetching() ? first_by : std::min(refresh_at_, leave_at_);
      if (leaving_) until = leave_at_;
      std::optional<ua::Event> event = talk_.next(until);
      if (event) {
        if (const std::optional<Exit> over = take(*event)) return *over;
      }
      const bool due = talk_.now() >= until && !event;
      if (leaving_ && (due || talk_.stopped())) return Exit::done;
      if (fetching() && due) return fail(Exit::network, "no NOTIFY came");
      const bool enough = command_.count > 0 && notified_ >= command_.count;
      if (!leaving_ && (talk_.stopped() || enough || talk_.now() >= leave_at_)) {
        if (const Maybe<void> left = leave(); !left) return std::unexpected(left.error());
      } else if (!leaving_ && !fetching() && talk_.now() >= refresh_at_) {
        if (const Maybe<void> refreshed = refresh(); !refreshed)
          return std::unexpected(refreshed.error());
      }
    }
  }

  Maybe<void> refresh() {
    const Maybe<Answered> answered = again(command_.expires_seconds);
    if (!answered) return std::unexpected(answered.error());
    if (!answered->success())
      return fail(Exit::refused, "not refreshed: " + status_text(answered->message));
    subscribed(*answered);
    return {};
  }

  /// Its last NOTIFY is waited for, for a little while.
  Maybe<void> leave() {
    leaving_ = true;
    talk_.go_on();
    const Maybe<Answered> answered = again(0);
    if (!answered) return std::unexpected(answered.error());
    leave_at_ = talk_.now() + last_notify_patience;
    return {};
  }

  Maybe<Answered> again(int expires_seconds) {
    if (!dialog_) return fail(Exit::network, "the subscription has no dialog");
    return talk_.ask_in(*dialog_, sip::method::subscribe,
                        [&](sip::Message& request) { put_headers(request, expires_seconds); });
  }

  /// How the program ends, if that was the end.
  std::optional<Exit> take(ua::Event& event) {
    if (const auto* request = std::get_if<ua::Request>(&event)) return take(*request);
    const auto* ended = std::get_if<ua::DialogEnded>(&event);
    if (ended == nullptr || !dialog_ || ended->id != *dialog_) return std::nullopt;
    if (leaving_) return Exit::done;
    return tell(options_, Failure{.exit = Exit::network,
                                  .sentence = "the subscription is gone: " +
                                              std::string{to_string(ended->why)}});
  }

  std::optional<Exit> take(const ua::Request& request) {
    auto response = sip::Message::response(request.message, 200);
    if (!talk_.agent().respond(request.transaction, std::move(response), talk_.now()))
      return std::nullopt;
    if (!dialog_) dialog_ = request.dialog;
    ++notified_;
    const auto header = request.message.get<sip::SubscriptionState>();
    const sip::SubscriptionState state = header && *header ? **header : sip::SubscriptionState{};
    print(request, state);
    if (state.state != sip::subscription_state::terminated) return std::nullopt;
    talk_.flush();
    if (leaving_ || fetching()) return Exit::done;
    return tell(options_,
                Failure{.exit = Exit::refused,
                        .sentence = "the notifier ended the subscription: " +
                                    shown(state.reason().value_or("it does not say why"))});
  }

  void print(const ua::Request& request, const sip::SubscriptionState& state) {
    const std::string_view type = request.message.text("Content-Type");
    const std::string_view body = request.message.body();
    std::string text = fmt::format("NOTIFY: {}", shown(state.state));
    if (const auto reason = state.reason()) text += ", " + shown(*reason);
    if (!body.empty()) text += fmt::format("; {}, {} bytes", shown(type), body.size());
    text += '\n';
    for (std::string_view rest = body; !rest.empty();) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      std::string_view line = rest.substr(0, end);
      if (line.ends_with('\r')) line.remove_suffix(1);
      text += "  " + shown(line) + "\n";
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    say(options_, text,
        fmt::format(R"("notify":{},"event":{},"type":{},"body":{})", json_text(state.state),
                    json_text(request.message.text("Event")), json_text(type), json_text(body)));
  }

  const Options& options_;
  const SubscribeCommand& command_;
  Talk& talk_;
  std::string contact_;
  std::optional<ua::DialogId> dialog_;
  Time refresh_at_ = never;
  Time leave_at_ = never;
  int notified_ = 0;
  bool told_ = false;  // that it is subscribed
  bool leaving_ = false;
};

Maybe<Exit> subscribing(const Options& options, const TalkCommands& commands) {
  Talk talk(options, commands.talk);
  ua::UserAgentConfig config;
  config.methods = {"NOTIFY"};
  if (const Maybe<void> open = talk.open(std::move(config)); !open)
    return std::unexpected(open.error());
  Maybe<Exit> exit = Subscribing(options, commands.subscribe, talk).run();
  talk.flush();
  return exit;
}

}  // namespace

Exit run_subscribe(const Options& options, const TalkCommands& commands) {
  return tell(options, subscribing(options, commands));
}

}  // namespace kith::tool
