#pragma once

#include "kith/sip/shape/answer_mode_value.h"

namespace kith::sip {

/// Answer-Mode = answer-mode-value *( SEMI answer-mode-param )
/// RFC 5373 §2
struct AnswerModeName {
  static constexpr HeaderName name{.full = "Answer-Mode"};
};
using AnswerMode = AnswerModeValue<AnswerModeName, std::string>;
using AnswerModeView = AnswerMode::View;
static_assert(Header<AnswerMode>);

}  // namespace kith::sip
