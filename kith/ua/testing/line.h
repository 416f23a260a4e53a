#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "kith/ua/testing/net.h"

namespace kith::ua::testing {

/// One end of a Line.
struct Party final : AgentNode {
  Party(Net& net, std::string called, std::uint16_t at, std::uint16_t other,
        const UserAgentConfig& config)
      : AgentNode(net, at, config), name(std::move(called)), flow(to(other)) {}

  std::string name;
  Flow flow;  // to the other
};

/// Of alice, outside of dialogs.
inline sip::Message to_bob(std::string_view method, std::string_view extra = {},
                           std::uint32_t sequence = 1) {
  std::string text{method};
  text.append(" sip:bob@127.0.0.1:6050 SIP/2.0\r\n")
      .append("From: <sip:alice@127.0.0.1:5060>;tag=a1\r\nTo: <sip:bob@127.0.0.1:6050>\r\n")
      .append("Call-ID: c1\r\nCSeq: ")
      .append(std::to_string(sequence) + " ")
      .append(method)
      .append("\r\nContact: <sip:alice@127.0.0.1:5060>\r\n")
      .append(extra)
      .append("Content-Length: 0\r\n\r\n");
  return *sip::Message::parse(text);
}

/// Two user agents and a UDP path between them.
struct Line : Net {
  explicit Line(const UserAgentConfig& a = {}, const UserAgentConfig& b = {})
      : alice(*this, "alice", 5060, 6050, a), bob(*this, "bob", 6050, 5060, b) {}

  Party alice;
  Party bob;

 private:
  Flow way(Node& node, std::uint16_t) override { return static_cast<Party&>(node).flow; }
};

}  // namespace kith::ua::testing
