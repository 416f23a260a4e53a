#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include "kith/host/host.h"
#include "kith/net/test_peer.h"
#include "kith/ua/new_request.h"

namespace kith::host {

using net::loopback;

/// For tests: agents on real sockets of this machine, two or more in one loop.
struct Lab {
  net::TestTls tls{};
  net::Reactor reactor{};

  Config config() { return {.server_tls = &*tls.server, .client_tls = &*tls.client}; }
  bool until(const std::function<bool()>& done) {
    return reactor.run_until(done, reactor.now() + 20s);
  }
};

/// For tests: a user agent that says yes to everything and remembers what it heard.
struct Person {
  Person(Lab& lab, const std::string& called, Config config)
      : name(called), host(lab.reactor, config) {}

  void start(Transport over, const Address& at = loopback) {
    const auto bound = host.listen(over, at);
    REQUIRE(bound.has_value());
    transport = over;
    address = *bound;
    host.start({}, [this](ua::Event& event) { heard(event); });
  }
  std::string uri() const {
    return "sip:" + name + "@" + address.text() + ";transport=" + std::string{to_string(transport)};
  }
  sip::Message request(std::string_view method, std::string_view to) {
    sip::Message request = ua::new_request(method, uri(), to, host.random());
    request.add("Contact", "<" + uri() + ">");
    return request;
  }
  void heard(ua::Event& event) {
    if (auto* request = std::get_if<ua::Request>(&event)) {
      auto response = sip::Message::response(request->message, answer);
      response.add("Contact", "<" + uri() + ">");
      methods += std::string{request->message.method()} + " ";
      vias += request->message.text("Via");
      from = request->flow.remote;
      CHECK(host->respond(request->transaction, std::move(response), host.now()));
    } else if (auto* response = std::get_if<ua::Response>(&event)) {
      statuses += std::to_string(response->message.status()) + " ";
      dialog = response->dialog;
    } else if (const auto* ack = std::get_if<ua::Ack>(&event)) {
      methods += "ACK ";
      dialog = ack->dialog;
    } else if (auto* ended = std::get_if<ua::TransactionEnded>(&event)) {
      endings.push_back(ended->why);
      error = ended->error;
    }
  }
  void hang_up() { CHECK(host->send(*dialog, *host->draft(*dialog, "BYE"), host.now())); }

  std::string name;
  Host<ua::UserAgent> host;
  Transport transport = Transport::udp;
  Address address{};
  int answer = 200;
  std::string methods{};
  std::string vias{};
  Address from{};  // of the last request
  std::string statuses{};
  std::vector<ua::Ending> endings{};
  std::error_code error{};  // of the last
  std::optional<ua::DialogId> dialog{};
};

}  // namespace kith::host
