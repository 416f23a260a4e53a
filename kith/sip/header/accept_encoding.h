#pragma once

#include "kith/sip/shape/preference.h"

namespace kith::sip {

/// Accept-Encoding = [ encoding *( COMMA encoding ) ]
/// encoding = codings *( SEMI accept-param ), codings = content-coding / "*"
/// RFC 3261 §20.2; empty, or absent, it allows no coding but identity.
struct AcceptEncodingName {
  static constexpr HeaderName name{.full = "Accept-Encoding", .multi = true, .may_be_empty = true};
  static bool take(Scanner& in, std::string_view& coding) { return in.token(coding); }
};
using AcceptEncoding = Preference<AcceptEncodingName, std::string>;
using AcceptEncodingView = AcceptEncoding::View;
static_assert(Header<AcceptEncoding>);

}  // namespace kith::sip
