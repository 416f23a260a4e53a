// Calls somebody and hangs up: a user agent client of RFC 3261 §8.1. Ends with 0 if all calls were
// answered. SIGINT and SIGTERM give up the call, or hang up.
//   user_agent_client URI [SECONDS [CALLS]]   how long a call is, and how many follow one another
#include "kith/ua/new_request.h"
#include "program.h"

using namespace examples;

struct UserAgentClient : Program<ua::UserAgent> {
  std::string callee{}, me{};
  Duration length{};
  int calls = 1;
  std::optional<ua::TransactionId> invite{};
  std::optional<ua::DialogId> dialog{};
  bool interrupted = false;
  net::Timer timer = reactor.timer([this] { hang_up(); });

  int run(const Arguments& given) {
    callee = given.text(0);
    length = std::chrono::seconds(given.number(1, 1));
    calls = given.number(2, 1);
    listen(0);
    me = "sip:alice@" + address;
    start(*this, {.methods = {"ACK", "BYE"}});
    call();
    host.run([this] { interrupted = true, hang_up(); });
    return calls == 0 ? 0 : 1;
  }

  void call() {
    auto request = ua::new_request("INVITE", me, callee, host.random());
    request.add("Contact", "<" + me + ">");
    request.set_body("application/sdp", session);
    host.request(std::move(request), [this](const auto& started) {
      if (started) return void(invite = *started);
      std::puts(started.error().text().c_str());
      host.stop();
    });
  }

  void on(const ua::Response& response) {
    const int status = response.message.status();
    std::printf("%d %s\n", status, std::string{response.message.reason()}.c_str());
    if (response.transaction != invite) return;
    if (status < 200 && interrupted) hang_up();
    if (status >= 300) host.stop();
    if (status / 100 != 2 || response.repeated) return;
    (void)host->ack(*response.dialog, host.now());
    if (dialog) return bye(*response.dialog);  // RFC 3261 §13.2.2.4: another answered before
    dialog = response.dialog;
    interrupted ? hang_up() : timer.set(host.now() + length);
  }
  void on(const ua::Request& request) { respond(request, 200); }  // the callee hangs up
  void on(const ua::TransactionEnded& ended) {
    if (ended.transaction == invite && ended.why != ua::Ending::complete) host.stop();
  }
  void on(const ua::DialogEnded& ended) {
    if (ended.id != dialog) return;
    dialog.reset(), invite.reset();
    --calls == 0 || interrupted ? host.stop() : call();
  }

  void hang_up() {
    if (dialog) return bye(*dialog);
    if (invite) host->cancel(*invite, host.now());  // RFC 3261 §9.1: not before a provisional one
  }
};

int main(int argc, char** argv) {
  return UserAgentClient().run({argc, argv, 1, 3, "user_agent_client URI [SECONDS [CALLS]]"});
}
