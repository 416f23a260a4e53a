#pragma once

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "kith/host/host.h"
#include "kith/ua/required.h"

/// What the programs here have besides their roles: arguments, and an agent on 127.0.0.1.
namespace examples {

using namespace kith;

/// Texts and numbers, in their order; a wrong number of them ends the program with its usage.
class Arguments {
 public:
  Arguments(int argc, char** argv, int least, int most, const char* usage)
      : count_(argc - 1), values_(argv + 1), usage_(usage) {
    if (count_ < least || count_ > most || (count_ > 0 && values_[0][0] == '-')) refuse();
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
  }
  std::string text(int index) const { return index < count_ ? values_[index] : ""; }
  std::uint16_t number(int index, std::uint16_t otherwise) const {
    const std::string given = text(index);
    std::uint16_t value = otherwise;
    const char* const end = given.data() + given.size();
    if (!given.empty() && std::from_chars(given.data(), end, value).ptr != end) refuse();
    return value;
  }

 private:
  [[noreturn]] void refuse() const {
    std::fprintf(stderr, "usage: %s\n", usage_);
    std::exit(2);
  }
  int count_;
  char** values_;
  const char* usage_;
};

/// An agent on UDP and TCP, and what it hears of. A role calls listen(), start() and host.run().
template <class Agent>
struct Program {
  net::Reactor reactor{};
  host::Host<Agent> host{reactor};
  std::string address{};  // "127.0.0.1:5060"
  std::string contact{};  // "<sip:127.0.0.1:5060>"

  /// 0: a port that is free. Says which, once host.run() catches signals: who reads that may end
  /// the program.
  void listen(std::uint16_t port) {
    const auto bound = host.listen(Address::v4(127, 0, 0, 1, port));
    if (!bound) {
      std::fprintf(stderr, "cannot listen on port %d: %s\n", port, bound.error().message().c_str());
      std::exit(1);
    }
    address = bound->text();
    contact = "<sip:" + address + ">";
    reactor.post([this] { std::printf("listening on %s\n", address.c_str()); });
  }
  /// Each event goes to the role's on(), if it has one for the type; but for requests that require
  /// an extension, of which none is known here.
  void start(auto& role, host::Kind<Agent>::Config config) {
    host::Kind<Agent>::endpoint(config).connection_timer.reset();  // nobody authenticates here
    const auto hear = [this, &role](const auto& each) {
      if (this->refuses(each)) return;
      if constexpr (requires { role.on(each); }) role.on(each);
    };
    host.start(std::move(config), [hear](auto& event) { std::visit(hear, event); });
  }
  bool refuses(const ua::Request& request) {
    auto refusal = ua::refuse_required(request.message);
    return refusal && (respond(request, *std::move(refusal)), true);
  }
  bool refuses(const auto&) { return false; }
  /// Whether the request still waited for it.
  bool respond(const auto& request, sip::Message response) {
    return host->respond(request.transaction, std::move(response), host.now()).has_value();
  }
  void respond(const auto& request, int status) {
    respond(request, sip::Message::response(request.message, status));
  }
  /// Ends a call that was answered; others are for a response or a CANCEL to end.
  void bye(ua::DialogId with) {
    const dialog::Dialog* const call = host->dialog(with);
    if (call == nullptr || call->state() != dialog::State::confirmed) return;
    (void)host->ack(with, host.now());  // RFC 3261 §15: not before the ACK, where that is still due
    (void)host->send(with, *host->draft(with, "BYE"), host.now());
  }
};

/// A session without media, as offer and as answer: calls are set up here, and nothing is said.
inline constexpr std::string_view session =
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    "m=audio 9 RTP/AVP 0\r\na=inactive\r\n";

}  // namespace examples
