// Watches somebody: a subscriber of RFC 6665 §4.1. Prints each state; SIGINT and SIGTERM end the
// subscription. Ends with 0 if there was one.
//   presence_watcher URI
#include "kith/sip/header/expires.h"
#include "kith/sip/header/subscription_state.h"
#include "kith/ua/new_request.h"
#include "program.h"

using namespace examples;

struct PresenceWatcher : Program<ua::UserAgent> {
  static constexpr std::uint32_t lasts = 600;
  std::string me{};
  std::optional<ua::DialogId> dialog{};
  bool subscribed = false;
  net::Timer refresh = reactor.timer([this] { subscribe_again(lasts); });

  int run(const Arguments& given) {
    listen(0);
    me = "sip:watcher@" + address;
    start(*this, {.methods = {"NOTIFY"}, .packages = {"presence"}});
    host.request(
        with_headers(ua::new_request("SUBSCRIBE", me, given.text(0), host.random()), lasts),
        [this](const auto& started) {
          if (started) return;
          std::puts(started.error().text().c_str());
          host.stop();
        });
    host.run([this] { dialog ? subscribe_again(0) : host.stop(); });
    return subscribed ? 0 : 1;
  }

  sip::Message with_headers(sip::Message subscribe, std::uint32_t expires) const {
    subscribe.add("Contact", "<" + me + ">");
    subscribe.add("Event", "presence");
    subscribe.add("Accept", "application/pidf+xml");
    subscribe.add("Expires", std::to_string(expires));
    return subscribe;
  }
  /// RFC 6665 §4.1.2.2, or with 0 §4.1.2.3
  void subscribe_again(std::uint32_t expires) {
    auto request = dialog ? host->draft(*dialog, "SUBSCRIBE") : std::nullopt;
    if (!request) return host.stop();
    (void)host->send(*dialog, with_headers(*std::move(request), expires), host.now());
  }

  void on(const ua::Response& response) {
    const int status = response.message.status();
    if (status >= 300)
      std::printf("%d %s\n", status, std::string{response.message.reason()}.c_str());
    if (status / 100 != 2) return;
    subscribed = true;
    dialog = response.dialog;
    const auto granted = response.message.get<sip::Expires>();
    const std::uint32_t seconds = granted && *granted ? (*granted)->seconds : lasts;
    if (seconds > 0) refresh.set(host.now() + std::chrono::seconds(seconds) / 2);
  }
  void on(const ua::Request& notify) {
    dialog = notify.dialog;  // it may come before the response
    const auto state = notify.message.get<sip::SubscriptionState>();
    respond(notify, state && *state ? 200 : 400);
    if (!state || !*state) return;
    const std::string body{notify.message.body()};
    std::printf("%s\n%s\n", (*state)->state.c_str(), body.c_str());
  }
  void on(const ua::TransactionEnded&) {
    if (!dialog) host.stop();  // refused, or nobody answered
  }
  void on(const ua::DialogEnded&) { host.stop(); }
};

int main(int argc, char** argv) {
  return PresenceWatcher().run({argc, argv, 1, 1, "presence_watcher URI"});
}
