#pragma once

#include "kith/sip/shape/delta_seconds.h"

namespace kith::sip {

/// Min-SE = delta-seconds *( SEMI generic-param )
/// RFC 4028 §5: the fewest seconds that Session-Expires may have; counts as 90 where it is absent.
/// Fewer than 90 can be read; check() says so.
struct MinSEName {
  static constexpr HeaderName name{.full = "Min-SE"};
  static constexpr bool has_refresher = false;
};
using MinSE = DeltaSeconds<MinSEName, std::string>;
using MinSEView = MinSE::View;
static_assert(Header<MinSE>);

}  // namespace kith::sip
