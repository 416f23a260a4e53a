#include "kith/sip/header/cseq.h"

namespace kith::sip {

bool read(Scanner& in, CSeqView& cseq) {
  return in.number(cseq.sequence) && cseq.sequence < (1U << 31) && in.space() &&
         in.token(cseq.method);
}

bool read_usual(const Cursor& text, CSeqView& cseq) {
  Cursor in = text;
  std::uint32_t sequence = 0;
  if (!in.number(sequence) || !in.next(' ')) return false;
  const std::string_view method = in.word();
  if (method.empty() || !in.at_end()) return false;
  cseq = {sequence, method};
  return true;
}

}  // namespace kith::sip
