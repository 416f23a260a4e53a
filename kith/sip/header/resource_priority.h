#pragma once

#include "kith/sip/shape/resource_value.h"

namespace kith::sip {

/// Resource-Priority = r-value *( COMMA r-value )
/// RFC 4412 §3.1
struct ResourcePriorityName {
  static constexpr HeaderName name{.full = "Resource-Priority", .multi = true};
};
using ResourcePriority = ResourceValue<ResourcePriorityName, std::string>;
using ResourcePriorityView = ResourcePriority::View;
static_assert(Header<ResourcePriority>);

}  // namespace kith::sip
