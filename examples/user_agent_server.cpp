// Answers every call, until the caller hangs up: a user agent server of RFC 3261 §8.2.
//   user_agent_server [PORT [AOR]]   on 127.0.0.1, UDP and TCP; 0 or nothing: a port that is free
// With an address of record, such as sip:bob@127.0.0.1:5060, it registers there while it runs.
#include "kith/host/registering.h"
#include "program.h"

using namespace examples;

struct UserAgentServer : Program<ua::UserAgent> {
  std::optional<host::Registering> registration{};

  void run(const Arguments& given) {
    listen(given.number(0, 0));
    start(*this, {.methods = {"INVITE", "ACK", "CANCEL", "BYE", "OPTIONS"}});
    if (!given.text(1).empty()) register_as(given.text(1));
    host.run([this] { registration ? registration->stop() : host.stop(); });
  }

  void on(const ua::Request& request) {
    auto ok = sip::Message::response(request.message, 200);
    if (request.message.method() == "INVITE") {
      if (!request.dialog) ring(request);
      ok.set_body("application/sdp", session);
      ok.set("Contact", contact);
    }
    respond(request, std::move(ok));
  }
  void on(const ua::DialogEnded&) { std::puts("the call has ended"); }
  void on(const ua::Response& response) { registered(response); }
  void on(const ua::TransactionEnded& ended) { registered(ended); }
  void on(const ua::FlowClosed& closed) { registered(closed); }
  void on(const ua::PongReceived& pong) { registered(pong); }

  void ring(const ua::Request& request) {
    std::printf("a call from %s\n", std::string{request.message.text("From")}.c_str());
    auto ringing = sip::Message::response(request.message, 180);
    ringing.set("Contact", contact);
    respond(request, std::move(ringing));
  }

  void register_as(const std::string& aor) {
    ua::RegistrationWish wish{.registrar = "sip:" + aor.substr(aor.find('@') + 1),
                              .aor = aor,
                              .call_id = host.random().hex(16)};
    registration.emplace(host, std::move(wish), "sip:" + address, [this](const auto& news) {
      if (std::holds_alternative<ua::Registration::Registered>(news)) std::puts("registered");
      if (std::holds_alternative<ua::Registration::Over>(news)) host.stop();
    });
    registration->start();
  }
  void registered(const ua::Event& event) {
    if (registration) registration->hear(event);
  }
};

int main(int argc, char** argv) {
  UserAgentServer().run({argc, argv, 0, 2, "user_agent_server [PORT [AOR]]"});
}
