#pragma once

#include "kith/sip/shape/dialog_id.h"

namespace kith::sip {

/// Replaces = callid *( SEMI ( to-tag / from-tag / early-flag / generic-param ) )
/// RFC 3891 §6.1. A tag of "0" means also a dialog without that tag, of RFC 2543.
struct ReplacesName {
  static constexpr HeaderName name{.full = "Replaces"};
  static constexpr std::string_view local_tag = "to-tag";
  static constexpr std::string_view remote_tag = "from-tag";
  static constexpr bool may_be_early_only = true;
};
using Replaces = DialogId<ReplacesName, std::string>;
using ReplacesView = Replaces::View;
static_assert(Header<Replaces>);

}  // namespace kith::sip
