#pragma once

#include "kith/sip/shape/resource_value.h"

namespace kith::sip {

/// Accept-Resource-Priority = [ r-value *( COMMA r-value ) ]
/// RFC 4412 §3.2
struct AcceptResourcePriorityName {
  static constexpr HeaderName name{
      .full = "Accept-Resource-Priority", .multi = true, .may_be_empty = true};
};
using AcceptResourcePriority = ResourceValue<AcceptResourcePriorityName, std::string>;
using AcceptResourcePriorityView = AcceptResourcePriority::View;
static_assert(Header<AcceptResourcePriority>);

}  // namespace kith::sip
