// Answers OPTIONS over UDP, and any other request with 405. It prints the address that it took.
//   answer_options [PORT]         on 127.0.0.1; without a port, one that is free
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <variant>

#include "kith/crypto/system_random.h"
#include "kith/net/transports.h"
#include "kith/sip/header/allow.h"
#include "kith/ua/endpoint.h"

using namespace kith;

class Answerer final : public net::Handler {
 public:
  std::expected<Address, std::error_code> listen(std::uint16_t port) {
    return transports_.listen(Transport::udp, Address::v4(127, 0, 0, 1, port));
  }
  void run() { reactor_.run(); }

 private:
  void received(const Flow& flow, std::string_view bytes) override {
    endpoint_.receive(flow, bytes, reactor_.now());
    drain();
  }
  void failed(const Flow& flow, std::error_code why) override { closed(flow, why); }
  void closed(const Flow& flow, std::error_code why) override {
    endpoint_.closed(flow, why, reactor_.now());
    drain();
  }
  void opened(const Flow&) override {}  // of connections, which there are none of
  void connected(const Flow&) override {}

  /// Does what the endpoint asks for, until it is silent.
  void drain() {
    while (auto output = endpoint_.poll()) {
      if (auto* const send = std::get_if<ua::Send>(&*output))
        transports_.send(send->flow, std::move(send->bytes));
      else if (const auto* const notice = std::get_if<ua::Notice>(&*output))
        if (const auto* const request = std::get_if<ua::RequestReceived>(notice)) answer(*request);
    }
    timer_.set(endpoint_.next_deadline());
  }

  void answer(const ua::RequestReceived& received) {
    const bool asked = received.request.method() == "OPTIONS";
    auto response = sip::Message::response(received.request, asked ? 200 : 405);
    response.set_to_tag(random_.hex(8));
    response.set(sip::Allow{.method = "OPTIONS"});
    endpoint_.respond(received.transaction, response, reactor_.now());
  }

  crypto::SystemRandom random_;
  net::Reactor reactor_;
  ua::Endpoint endpoint_{{}, random_};
  net::Transports transports_{reactor_, *this};
  net::Timer timer_ = reactor_.timer([this] {
    endpoint_.tick(reactor_.now());
    drain();
  });
};

int main(int argc, char** argv) {
  Answerer answerer;
  const auto port = static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 0);
  const auto address = answerer.listen(port);
  if (!address) {
    std::fprintf(stderr, "cannot listen on port %d: %s\n", port, address.error().message().c_str());
    return 1;
  }
  std::printf("%s\n", address->text().c_str());
  std::fflush(stdout);
  answerer.run();
}
