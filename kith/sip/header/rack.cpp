#include "kith/sip/header/rack.h"

namespace kith::sip {

bool read(Scanner& in, RAckView& to) {
  return in.number(to.response_number) && to.response_number != 0 && in.space() &&
         in.number(to.cseq_number) && to.cseq_number < (1U << 31) && in.space() &&
         in.token(to.method);
}

}  // namespace kith::sip
