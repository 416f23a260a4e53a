#include "kith/sip/header/p_answer_state.h"

namespace kith::sip {

bool read(Scanner& in, PAnswerStateView& to) {
  return in.token(to.answer_type) && read(in, to.params);
}

}  // namespace kith::sip
