#pragma once

#include "kith/sip/shape/single.h"

namespace kith::sip {

/// Ms-Conversation-ID = 1*( any character but a blank )
/// Tells conversations of the same two people apart. Not in [MS-SIP]: clients send a number, "f=0",
/// or base64.
struct MsConversationIdName {
  static constexpr HeaderName name{.full = "Ms-Conversation-ID"};
  static constexpr LetterCase letter_case = LetterCase::counts;
  static bool take(Scanner& in, std::string_view& id);
};
using MsConversationId = Single<MsConversationIdName, std::string>;
using MsConversationIdView = MsConversationId::View;
static_assert(Header<MsConversationId>);

}  // namespace kith::sip
