#pragma once

#include "kith/sip/shape/bracketed_uri.h"

namespace kith::sip {

/// Identity-Info = LAQUOT absoluteURI RAQUOT *( SEMI ident-info-params )
/// RFC 4474 §9: where the certificate for the older form of Identity is. RFC 8224 has no use for
/// it.
struct IdentityInfoName {
  static constexpr HeaderName name{.full = "Identity-Info", .compact = 'n'};
  static constexpr bool has_alg = true;
};
using IdentityInfo = BracketedUri<IdentityInfoName, std::string>;
using IdentityInfoView = IdentityInfo::View;
static_assert(Header<IdentityInfo>);

}  // namespace kith::sip
