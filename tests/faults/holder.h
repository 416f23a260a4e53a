#pragma once

#include <doctest/doctest.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include "kith/base/overloaded.h"
#include "kith/base/random.h"
#include "kith/net/test_peer.h"
#include "kith/net/transports.h"
#include "kith/sip/message.h"
#include "kith/ua/endpoint.h"

namespace kith::faults {

/// A program that holds an endpoint: it brings bytes in and out, and sends what one connection has
/// not delivered over another. It remembers what it was told.
class Holder final : public net::Handler {
 public:
  struct Failure {
    Flow flow;
    std::error_code why;
  };

  Holder(net::Reactor& reactor, net::TransportsOptions options, ua::Config config)
      : reactor_(reactor),
        net(reactor, *this, options),
        endpoint(std::move(config), random_),
        timer_(reactor.timer([this] {
          endpoint.tick(reactor_.now());
          drain();
        })) {}

  std::vector<Failure> failures;          // of connects, handshakes and datagrams
  std::vector<ua::Notice> notices;        // of the endpoint
  std::size_t connects = 0;               // connections that were begun
  std::size_t retries = 0;                // of them, for what another had not delivered
  std::optional<ua::TransactionId> last;  // of the request that was sent last

 private:
  net::Reactor& reactor_;
  SeededRandom random_{1};

 public:
  net::Transports net;
  ua::Endpoint endpoint;

  /// Over the connection that is up, or over a new one.
  void request(Transport transport, const Address& remote, std::string_view method,
               std::size_t body_size_bytes = 0) {
    sip::Message message = make(method, body_size_bytes);
    if (const auto up = net.find(transport, remote, "localhost")) return send(*up, message);
    const std::uint64_t id = net.connect(transport, remote, "localhost");
    ++connects;
    waiting_.emplace(std::pair(id, remote), std::move(message));
  }

  void ack(const Flow& flow, std::size_t body_size_bytes = 0) {
    endpoint.send(flow, make("ACK", body_size_bytes));
    drain();
  }

  void respond(const ua::RequestReceived& to, int status) {
    endpoint.respond(to.transaction, sip::Message::response(to.request, status), reactor_.now());
    drain();
  }

  template <class Told>
  std::vector<Told> all() const {
    std::vector<Told> found;
    for (const ua::Notice& notice : notices)
      if (const auto* it = std::get_if<Told>(&notice)) found.push_back(*it);
    return found;
  }

  std::vector<int> statuses() const {
    std::vector<int> found;
    for (const auto& it : all<ua::ResponseReceived>()) found.push_back(it.response.status());
    return found;
  }

 private:
  sip::Message make(std::string_view method, std::size_t body_size_bytes) {
    sip::Message message = sip::Message::request(method, "sip:bob@localhost");
    message.add("From", "<sip:alice@localhost>;tag=a");
    message.add("To", "<sip:bob@localhost>");
    message.add("Call-ID", "call");
    message.add("CSeq",
                std::to_string(method == "ACK" ? 1 : ++sequence_) + ' ' + std::string(method));
    message.add("Contact", "<sip:alice@127.0.0.1>");
    if (body_size_bytes > 0) message.set_body("text/plain", std::string(body_size_bytes, 'x'));
    return message;
  }

  void send(const Flow& flow, sip::Message message) {
    last = endpoint.request(flow, std::move(message), reactor_.now());
    drain();
  }

  void drain() {
    while (std::optional<ua::Output> output = endpoint.poll())
      std::visit(Overloaded{
                     [this](ua::Send& it) { net.send(it.flow, std::move(it.bytes)); },
                     [this](const ua::Close& it) { net.close(it.flow.id); },
                     [this](ua::Notice& it) { notices.push_back(std::move(it)); },
                 },
                 *output);
    timer_.set(endpoint.next_deadline());
  }

  void opened(const Flow& flow) override { endpoint.opened(flow, reactor_.now()); }

  void connected(const Flow& flow) override {
    endpoint.opened(flow, reactor_.now());
    const auto [first, end] = waiting_.equal_range(std::pair(flow.id, flow.remote));
    for (auto it = first; it != end; ++it) send(flow, it->second);
    waiting_.erase(first, end);
  }

  void received(const Flow& flow, std::string_view bytes) override {
    endpoint.receive(flow, bytes, reactor_.now());
    drain();
  }

  void failed(const Flow& flow, std::error_code why) override {
    failures.push_back({flow, why});
    waiting_.erase(std::pair(flow.id, flow.remote));
    endpoint.closed(flow, why, reactor_.now());
    drain();
  }

  void closed(const Flow& flow, std::error_code why) override {
    endpoint.closed(flow, why, reactor_.now());
    drain();
  }

  void undelivered(const Flow& flow, std::vector<std::string> messages) override {
    Flow fresh = flow;
    fresh.id = net.connect(flow.transport, flow.remote, "localhost");
    ++connects;
    ++retries;
    endpoint.opened(fresh, reactor_.now());
    for (std::string& message : messages) {
      endpoint.moved(flow, fresh, message);
      net.send(fresh, std::move(message));
    }
  }

  int sequence_ = 0;
  std::multimap<std::pair<std::uint64_t, Address>, sip::Message> waiting_;
  net::Timer timer_;
};

}  // namespace kith::faults
