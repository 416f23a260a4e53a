#include "kith/sip/header/reason.h"

namespace kith::sip {

bool read(Scanner& in, ReasonView& to) {
  return in.token(to.protocol) && read(in, to.params) &&
         holds_if_there(to.params, "cause", is_number<>);
}

}  // namespace kith::sip
