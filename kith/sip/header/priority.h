#pragma once

#include "kith/sip/shape/single.h"

namespace kith::sip {

/// Priority = "emergency" / "urgent" / "normal" / "non-urgent" / other-priority
/// RFC 3261 §20.26; absent counts as normal.
struct PriorityName {
  static constexpr HeaderName name{.full = "Priority"};
  static constexpr LetterCase letter_case = LetterCase::ignored;
  static bool take(Scanner& in, std::string_view& priority) { return in.token(priority); }
};
using Priority = Single<PriorityName, std::string>;
using PriorityView = Priority::View;
static_assert(Header<Priority>);

namespace priority {
inline constexpr std::string_view emergency = "emergency";
inline constexpr std::string_view urgent = "urgent";
inline constexpr std::string_view normal = "normal";
inline constexpr std::string_view non_urgent = "non-urgent";
}  // namespace priority

}  // namespace kith::sip
