#pragma once

#include "kith/sip/shape/answer_mode_value.h"

namespace kith::sip {

/// Priv-Answer-Mode = answer-mode-value *( SEMI answer-mode-param )
/// RFC 5373 §2; the sender claims a right that others lack: RFC 5373 §4.1
struct PrivAnswerModeName {
  static constexpr HeaderName name{.full = "Priv-Answer-Mode"};
};
using PrivAnswerMode = AnswerModeValue<PrivAnswerModeName, std::string>;
using PrivAnswerModeView = PrivAnswerMode::View;
static_assert(Header<PrivAnswerMode>);

}  // namespace kith::sip
