#pragma once

#include "kith/sip/shape/single.h"

namespace kith::sip {

/// Content-Encoding = content-coding *( COMMA content-coding )
/// RFC 3261 §20.12; in the order in which they were applied.
struct ContentEncodingName {
  static constexpr HeaderName name{.full = "Content-Encoding", .compact = 'e', .multi = true};
  static constexpr LetterCase letter_case = LetterCase::ignored;
  static bool take(Scanner& in, std::string_view& coding) { return in.token(coding); }
};
using ContentEncoding = Single<ContentEncodingName, std::string>;
using ContentEncodingView = ContentEncoding::View;
static_assert(Header<ContentEncoding>);

}  // namespace kith::sip
