#pragma once

#include "kith/sip/shape/feature_set.h"

namespace kith::sip {

/// Accept-Contact = ac-value *( COMMA ac-value )
/// RFC 3841 §9.2
struct AcceptContactName {
  static constexpr HeaderName name{.full = "Accept-Contact", .compact = 'a', .multi = true};
  static constexpr bool has_require = true;
};
using AcceptContact = FeatureSet<AcceptContactName, std::string>;
using AcceptContactView = AcceptContact::View;
static_assert(Header<AcceptContact>);

}  // namespace kith::sip
