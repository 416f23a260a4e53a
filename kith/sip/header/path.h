#pragma once

#include "kith/sip/shape/name_addr.h"

namespace kith::sip {

/// Path = path-value *( COMMA path-value )
/// path-value = name-addr *( SEMI rr-param )
/// RFC 3327 §4
struct PathName {
  static constexpr HeaderName name{.full = "Path", .multi = true};
  static constexpr Brackets brackets = Brackets::required;
};
using Path = NameAddr<PathName, std::string>;
using PathView = Path::View;
static_assert(Header<Path>);

}  // namespace kith::sip
