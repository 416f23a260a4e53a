#pragma once

#include "kith/sip/shape/dialog_id.h"

namespace kith::sip {

/// Join = callid *( SEMI ( to-tag / from-tag / generic-param ) )
/// RFC 3911 §7.1. A tag of "0" means also a dialog without that tag, of RFC 2543.
struct JoinName {
  static constexpr HeaderName name{.full = "Join"};
  static constexpr std::string_view local_tag = "to-tag";
  static constexpr std::string_view remote_tag = "from-tag";
  static constexpr bool may_be_early_only = false;
};
using Join = DialogId<JoinName, std::string>;
using JoinView = Join::View;
static_assert(Header<Join>);

}  // namespace kith::sip
