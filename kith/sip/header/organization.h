#pragma once

#include "kith/sip/shape/free_text.h"

namespace kith::sip {

/// Organization = [ TEXT-UTF8-TRIM ]
/// RFC 3261 §20.25; may be empty.
struct OrganizationName {
  static constexpr HeaderName name{.full = "Organization"};
};
using Organization = FreeText<OrganizationName, std::string>;
using OrganizationView = Organization::View;
static_assert(Header<Organization>);

}  // namespace kith::sip
