#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "kith/sip/header/to.h"
#include "tests/faults/holder.h"

namespace kith::faults {

using net::loopback;
using net::Raw;

/// Nothing of what is waited for here takes as long as this; where it is not waited for but must
/// come at once, it comes well before.
inline constexpr Duration at_once = 1s;

/// A client with an endpoint, and a server that does as it is told; both in one loop.
struct World {
  Transport transport;
  net::TestTls tls;
  net::Reactor reactor;
  std::unique_ptr<net::Party> server;
  std::unique_ptr<Holder> client;
  Time began;
  std::string heard;  // by the server, as far as it has not been taken as messages

  explicit World(Transport its_transport, net::Limits client_limits = {}, ua::Config config = {},
                 net::Limits server_limits = {})
      : transport(its_transport) {
    server = party(server_limits);
    client = std::make_unique<Holder>(
        reactor,
        net::TransportsOptions{.shard = 2, .client_tls = &*tls.client, .limits = client_limits},
        std::move(config));
    began = reactor.now();
  }

  std::unique_ptr<net::Party> party(net::Limits limits = {}) {
    return std::make_unique<net::Party>(
        reactor, net::TransportsOptions{.shard = 1, .client_tls = nullptr, .limits = limits});
  }

  Address listen() { return listen(*server, loopback); }
  Address listen(net::Party& who, const Address& at) {
    return who.net.listen(transport, at, {.tls = &*tls.server}).value();
  }

  bool until(const std::function<bool()>& done) {
    return reactor.run_until(done, reactor.now() + 10s);
  }
  Duration passed() const { return reactor.now() - began; }

  /// The server is gone, with all its connections, in the middle of whatever it does.
  void die() {
    reactor.post([this] { server.reset(); });
  }

  /// The server answers each request that it has as a whole. An empty answer is none.
  void answers(std::function<std::string(const sip::Message&)> answer) {
    server->heard.on_bytes = [this, answer = std::move(answer)](const Flow& flow,
                                                                std::string_view bytes) {
      heard += bytes;
      while (const std::optional<sip::Message> request = take()) {
        if (std::string text = answer(*request); !text.empty()) server->net.send(flow, text);
      }
    };
  }

  std::optional<sip::Message> take() {
    const std::size_t head = heard.find("\r\n\r\n");
    if (head == std::string::npos) return std::nullopt;
    const std::size_t length = heard.find("Content-Length: ");
    const std::size_t body = length < head ? std::stoul(heard.substr(length + 16)) : 0;
    if (heard.size() < head + 4 + body) return std::nullopt;
    auto message = sip::Message::parse(heard.substr(0, head + 4 + body));
    heard.erase(0, head + 4 + body);
    REQUIRE(message.has_value());
    return *std::move(message);
  }
};

inline std::string answer_to(const sip::Message& request, int status) {
  sip::Message response = sip::Message::response(request, status);
  response.set("To", std::string(request.text("To")) + ";tag=b");
  return response.write();
}

/// The only transaction that ended without what it was for, and its error.
inline std::optional<ua::Ended> only_end(const Holder& holder) {
  const std::vector<ua::Ended> ends = holder.all<ua::Ended>();
  return ends.size() == 1 ? std::optional(ends.front()) : std::nullopt;
}

}  // namespace kith::faults
