#pragma once

#include "kith/sip/shape/single.h"

namespace kith::sip {

/// Request-Disposition = directive *( COMMA directive )
/// directive = "proxy" / "redirect" / "cancel" / "no-cancel" / "fork" / "no-fork" / "recurse" /
///             "no-recurse" / "parallel" / "sequential" / "queue" / "no-queue"
/// RFC 3841 §9.1
struct RequestDispositionName {
  static constexpr HeaderName name{.full = "Request-Disposition", .compact = 'd', .multi = true};
  static constexpr LetterCase letter_case = LetterCase::ignored;
  static bool take(Scanner& in, std::string_view& directive);
};
using RequestDisposition = Single<RequestDispositionName, std::string>;
using RequestDispositionView = RequestDisposition::View;
static_assert(Header<RequestDisposition>);

}  // namespace kith::sip
