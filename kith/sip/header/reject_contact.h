#pragma once

#include "kith/sip/shape/feature_set.h"

namespace kith::sip {

/// Reject-Contact = rc-value *( COMMA rc-value )
/// RFC 3841 §9.2
struct RejectContactName {
  static constexpr HeaderName name{.full = "Reject-Contact", .compact = 'j', .multi = true};
};
using RejectContact = FeatureSet<RejectContactName, std::string>;
using RejectContactView = RejectContact::View;
static_assert(Header<RejectContact>);

}  // namespace kith::sip
