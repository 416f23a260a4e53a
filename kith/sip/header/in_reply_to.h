#pragma once

#include "kith/sip/shape/single.h"

namespace kith::sip {

/// In-Reply-To = callid *( COMMA callid )
/// RFC 3261 §20.21; compared byte by byte, as Call-IDs are.
struct InReplyToName {
  static constexpr HeaderName name{.full = "In-Reply-To", .multi = true};
  static constexpr LetterCase letter_case = LetterCase::counts;
  static bool take(Scanner& in, std::string_view& call_id);
};
using InReplyTo = Single<InReplyToName, std::string>;
using InReplyToView = InReplyTo::View;
static_assert(Header<InReplyTo>);

}  // namespace kith::sip
