#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "kith/sip/header.h"

namespace kith::sip {

/// Ms-Conversation-ID = 1*( any character but a blank )
/// Tells conversations of the same two people apart. Not in [MS-SIP]: clients send a number, "f=0",
/// or base64.
template <class Text>
struct BasicMsConversationId {
  static constexpr HeaderName name{.full = "Ms-Conversation-ID"};
  using View = BasicMsConversationId<std::string_view>;
  using Value = BasicMsConversationId<std::string>;

  Text id{};

  static std::optional<BasicMsConversationId> parse(Scanner& in) {
    return parse_as<BasicMsConversationId>(in);
  }
  void write(Writer& out) const { out << id; }
  static auto tie(auto& self) { return std::tie(self.id); }
  bool operator==(const BasicMsConversationId&) const = default;
};

using MsConversationId = BasicMsConversationId<std::string>;
using MsConversationIdView = BasicMsConversationId<std::string_view>;
bool read(Scanner& in, MsConversationIdView& to);
static_assert(Header<MsConversationId>);

}  // namespace kith::sip
