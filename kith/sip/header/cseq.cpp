#include "kith/sip/header/cseq.h"

namespace kith::sip {

bool read(Scanner& in, CSeqView& cseq) {
  return in.number(cseq.sequence) && cseq.sequence < (1U << 31) && in.space() &&
         in.token(cseq.method);
}

}  // namespace kith::sip
