#pragma once

#include "kith/sip/shape/single.h"

namespace kith::sip {

/// P-Media-Authorization       = P-Media-Authorization-Token *( COMMA P-Media-Authorization-Token )
/// P-Media-Authorization-Token = 1*HEXDIG
/// RFC 3313 §5.1
struct PMediaAuthorizationName {
  static constexpr HeaderName name{.full = "P-Media-Authorization", .multi = true};
  static constexpr LetterCase letter_case = LetterCase::ignored;
  static bool take(Scanner& in, std::string_view& token) { return in.run(hex_digits, token); }
};
using PMediaAuthorization = Single<PMediaAuthorizationName, std::string>;
using PMediaAuthorizationView = PMediaAuthorization::View;
static_assert(Header<PMediaAuthorization>);

}  // namespace kith::sip
