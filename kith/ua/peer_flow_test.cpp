// Over which flow a user agent answers to a peer whose own changes: what is sent within a dialog
// goes where the peer was last heard from.
#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kith/ua/user_agent.h"

namespace kith::ua {
namespace {

Flow flow_of(Transport transport, std::uint64_t id, std::uint16_t port) {
  return {.id = id,
          .transport = transport,
          .local = *Address::parse_host("192.0.2.2", 5060),
          .remote = *Address::parse_host("192.0.2.1", port)};
}

/// Two flows that a peer uses one after the other, and a third.
struct Flows {
  Flow first, second, other;
};

constexpr std::uint16_t ephemeral = 40000;
const std::vector<Flows>& all_flows() {
  using enum Transport;
  static const std::vector<Flows> all{
      // It connects anew.
      {flow_of(tcp, 1, ephemeral), flow_of(tcp, 2, ephemeral + 1), flow_of(tcp, 3, ephemeral + 2)},
      // Its NAT gives it another port.
      {flow_of(udp, 7, ephemeral), flow_of(udp, 7, ephemeral + 1), flow_of(udp, 7, ephemeral + 2)},
  };
  return all;
}

/// Bob's user agent, which alice has called over the first of her flows.
struct Bob {
  explicit Bob(const Flows& given) : flows(given) {
    for (const Flow& each : {flows.first, flows.second, flows.other}) agent.opened(each, now);
    hears(flows.first, "INVITE", 1, "");
    answers(200);
    hears(flows.first, "ACK", 1, "b");
  }

  Flows flows;
  SeededRandom random{1};
  UserAgent agent{{}, random};
  Time now = Time{} + 1h;
  int branches = 0;
  std::vector<Send> sent{};
  std::vector<Request> asked{};
  std::optional<DialogId> dialog{};

  void drain() {
    while (std::optional<AgentOutput> output = agent.poll()) {
      if (auto* send = std::get_if<Send>(&*output)) sent.push_back(std::move(*send));
      const auto* event = std::get_if<Event>(&*output);
      if (const auto* request = event ? std::get_if<Request>(event) : nullptr)
        asked.push_back(*request);
      if (const auto* ack = event ? std::get_if<Ack>(event) : nullptr) dialog = ack->dialog;
    }
  }
  void hears(const Flow& flow, const std::string& method, std::uint32_t sequence,
             std::string_view to_tag) {
    std::string text = method + " sip:bob@192.0.2.2 SIP/2.0\r\nVia: SIP/2.0/";
    text.append(to_string(flow.transport)).append(" 192.0.2.1;rport;branch=z9hG4bK");
    text += std::to_string(++branches) + "\r\nFrom: <sip:alice@192.0.2.1>;tag=a\r\n";
    text += "To: <sip:bob@192.0.2.2>";
    if (!to_tag.empty()) text.append(";tag=").append(to_tag);
    text += "\r\nCall-ID: c\r\nCSeq: " + std::to_string(sequence) + " " + method;
    text += "\r\nMax-Forwards: 70\r\nContact: <sip:alice@192.0.2.1>\r\nContent-Length: 0\r\n\r\n";
    agent.receive(flow, text, now);
    drain();
  }
  void answers(int status) {
    sip::Message response = sip::Message::response(asked.back().message, status);
    response.set_to_tag("b");
    response.add("Contact", "<sip:bob@192.0.2.2>");
    REQUIRE(agent.respond(asked.back().transaction, std::move(response), now));
    drain();
  }
  /// Where a request of his own goes.
  Flow asks(std::string_view method) {
    REQUIRE(agent.send(*dialog, *agent.draft(*dialog, method), now));
    drain();
    REQUIRE(sent.back().bytes.starts_with(method));
    return sent.back().flow;
  }
};

TEST_CASE("RFC 3261 §12.2.2: a request that is accepted says where the peer is now") {
  for (const Flows& flows : all_flows()) {
    CAPTURE(to_string(flows.first.transport));
    for (const std::string method : {"INFO", "INVITE"}) {
      Bob bob(flows);
      CHECK(bob.asks("INFO") == flows.first);
      bob.hears(flows.second, method, 2, "b");
      bob.answers(200);
      if (is_stream(flows.first.transport)) bob.agent.closed(flows.first, {}, bob.now);
      CHECK(bob.asks("BYE") == flows.second);
    }
  }
}

TEST_CASE("RFC 3261 §12.2.2: a request that is not accepted does not move the dialog") {
  for (const Flows& flows : all_flows()) {
    CAPTURE(to_string(flows.first.transport));
    Bob bob(flows);
    bob.hears(flows.second, "INFO", 9, "b");
    bob.hears(flows.other, "INFO", 8, "b");        // late: 500
    bob.hears(flows.other, "INFO", 9, "b");        // there already
    bob.hears(flows.other, "PRACK", 10, "b");      // for nothing: 481
    bob.hears(flows.other, "INFO", 11, "nobody");  // of no dialog
    bob.hears(flows.second, "INVITE", 12, "b");
    bob.hears(flows.other, "INVITE", 13, "b");  // while that one has no answer: 500
    bob.answers(488);
    CHECK(bob.asks("BYE") == flows.second);
  }
}

}  // namespace
}  // namespace kith::ua
