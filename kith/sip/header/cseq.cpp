#include "kith/sip/header/cseq.h"

namespace kith::sip {

bool read(Scanner& in, CSeqView& cseq) {
  Cursor usual = in.cursor();
  if (usual.number(cseq.sequence) && usual.next(' ')) {
    cseq.method = usual.word();
    if (usual.at_end() && !cseq.method.empty()) {
      in.follow(usual);
      return true;
    }
  }
  return in.number(cseq.sequence) && cseq.sequence < (1U << 31) && in.space() &&
         in.token(cseq.method);
}

}  // namespace kith::sip
