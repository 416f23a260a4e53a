#include "kith/host/registering.h"

#include <doctest/doctest.h>

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "kith/net/test_peer.h"

namespace kith::host {
namespace {

using net::loopback;

/// A registrar that says what it is told to, and somebody who registers there.
struct Lab {
  net::Reactor reactor{};
  Host<ua::UserAgent> registrar{reactor};
  Host<ua::UserAgent> phone{reactor};
  Address at{};
  int answer = 200;
  std::string heard{};  // by the registrar: the Expires of each REGISTER
  std::string news{};

  explicit Lab(Transport transport) {
    at = registrar.listen(transport, loopback).value();
    registrar.start({}, [this](ua::Event& event) {
      const auto* request = std::get_if<ua::Request>(&event);
      if (request == nullptr) return;
      heard += std::string{request->message.text("Expires")} + " ";
      auto response = sip::Message::response(request->message, answer);
      response.add("Contact", std::string{request->message.text("Contact")} + ";expires=1000");
      CHECK(registrar->respond(request->transaction, std::move(response), registrar.now()));
    });
  }
  void note(const ua::Registration::Output& output) {
    using R = ua::Registration;
    if (std::holds_alternative<R::Registered>(output)) news += "registered ";
    if (const auto* failed = std::get_if<R::Failed>(&output))
      news += failed->why == R::Failure::no_flow ? "no flow " : "not answered ";
    if (const auto* over = std::get_if<R::Over>(&output))
      news += over->why == R::Ending::removed ? "removed " : "refused ";
  }
  bool until(const std::function<bool()>& done) {
    return reactor.run_until(done, reactor.now() + 20s);
  }
};

TEST_CASE("RFC 3261 §10.2: a user agent registers over a flow that it finds, and removes it") {
  for (const Transport transport : {Transport::udp, Transport::tcp}) {
    CAPTURE(to_string(transport));
    Lab lab(transport);
    const std::string registrar =
        "sip:" + lab.at.text() + (transport == Transport::tcp ? ";transport=tcp" : "");
    Registering one(lab.phone, {.registrar = registrar, .aor = "sip:bob@b.example", .call_id = "1"},
                    "sip:bob@127.0.0.1:1", [&](const auto& output) { lab.note(output); });
    int others = 0;
    lab.phone.start({}, [&](ua::Event& event) {
      // That a connection is gone is for others to hear as well.
      if (!one.hear(event) && !std::holds_alternative<ua::FlowClosed>(event)) ++others;
    });
    one.start();
    REQUIRE(lab.until([&] { return lab.news == "registered "; }));
    one.stop();
    REQUIRE(lab.until([&] { return lab.news == "registered removed "; }));
    CHECK(lab.heard == "3600 0 ");
    CHECK(others == 0);
  }
}

TEST_CASE("RFC 3261 §10.2: a registration that is refused or meets nobody says so") {
  Lab lab(Transport::tcp);
  lab.answer = 403;
  net::Raw silent(loopback);  // bound, but nobody listens
  REQUIRE(silent.bind(loopback));
  const auto text_of = [](const Address& address) {
    return "sip:" + address.text() + ";transport=tcp";
  };
  const auto note = [&](const auto& output) { lab.note(output); };
  Registering refused(lab.phone, {text_of(lab.at), "sip:bob@b.example", "1"}, "sip:bob@127.0.0.1:1",
                      note);
  Registering alone(lab.phone,
                    {text_of(net::local_address(silent.fd.number())), "sip:bob@b.example", "2"},
                    "sip:bob@127.0.0.1:1", note);
  lab.phone.start({}, [&](ua::Event& event) { refused.hear(event), alone.hear(event); });
  refused.start();
  REQUIRE(lab.until([&] { return lab.news == "refused "; }));
  alone.start();
  REQUIRE(lab.until([&] { return lab.news == "refused no flow "; }));
}

/// A registrar that answers REGISTER with what it is told, and pings, on whichever connection.
struct Edge {
  net::Reactor reactor{};
  net::Party registrar{reactor, {}};
  Host<ua::UserAgent> phone{reactor};
  std::string more{};  // headers of its 200
  int pings = 0;
  std::string buffer{};
  std::vector<std::uint64_t> registers{};  // the connection of each
  std::vector<ua::Registration::Failure> failures{};
  std::optional<Registering> one{};

  Edge() {
    const Address at = registrar.net.listen(Transport::tcp, loopback).value();
    registrar.heard.on_bytes = [this](const Flow& flow, std::string_view bytes) {
      take(flow, bytes);
    };
    const ua::RegistrationWish wish{.registrar = "sip:" + at.text() + ";transport=tcp",
                                    .aor = "sip:bob@b.example",
                                    .call_id = "1"};
    const auto news = [this](const ua::Registration::Output& output) {
      if (const auto* failed = std::get_if<ua::Registration::Failed>(&output))
        failures.push_back(failed->why);
    };
    const ua::BackOff soon{.base_all_failed = 10ms, .base = 10ms, .most = 20ms};
    one.emplace(phone, wish, "sip:bob@127.0.0.1:1", news, nullptr, soon);
    phone.start({}, [this](ua::Event& event) { one->hear(event); });
    one->start();
  }
  void take(const Flow& flow, std::string_view bytes) {
    if (bytes == "\r\n\r\n") {
      ++pings;
      registrar.net.send(flow, "\r\n");
      return;
    }
    buffer += bytes;
    const auto request = sip::Message::parse(buffer);
    if (!request || !request->is_request()) return;
    buffer.clear();
    registers.push_back(flow.id);
    std::string answer = sip::Message::response(*request, 200).write();
    answer.insert(answer.find("\r\n") + 2,
                  "Contact: " + std::string{request->text("Contact")} + ";expires=1000\r\n" + more);
    registrar.net.send(flow, answer);
  }
  bool until(const std::function<bool()>& done) {
    return reactor.run_until(done, reactor.now() + 20s);
  }
};

TEST_CASE("RFC 5626 §4.4.1: a registration pings its flow, and again when the pong has come") {
  Edge edge;
  edge.more = "Flow-Timer: 1\r\n";
  REQUIRE(edge.until([&] { return edge.pings == 2; }));
  CHECK(edge.registers.size() == 1);
  CHECK(edge.failures.empty());
}

TEST_CASE("RFC 5626 §4.5: a registration whose flow was lost is made again over another") {
  Edge edge;
  REQUIRE(edge.until([&] { return edge.registers.size() == 1; }));
  edge.registrar.net.close(edge.registers.front());
  REQUIRE(edge.until([&] { return edge.registers.size() == 2; }));
  CHECK(edge.registers.front() != edge.registers.back());
  CHECK(edge.failures == std::vector{ua::Registration::Failure::no_flow});
  CHECK(edge.pings == 0);  // the registrar has not said that it knows of them
}

}  // namespace
}  // namespace kith::host
