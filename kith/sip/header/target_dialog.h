#pragma once

#include "kith/sip/shape/dialog_id.h"

namespace kith::sip {

/// Target-Dialog = callid *( SEMI ( remote-param / local-param / generic-param ) )
/// RFC 4538 §7; both tags are needed: RFC 4538 §3
struct TargetDialogName {
  static constexpr HeaderName name{.full = "Target-Dialog"};
  static constexpr std::string_view local_tag = "local-tag";
  static constexpr std::string_view remote_tag = "remote-tag";
  static constexpr bool may_be_early_only = false;
};
using TargetDialog = DialogId<TargetDialogName, std::string>;
using TargetDialogView = TargetDialog::View;
static_assert(Header<TargetDialog>);

}  // namespace kith::sip
