#include "kith/sip/header/ms_piggyback_cseq.h"

namespace kith::sip {

std::optional<MsPiggybackCseq> MsPiggybackCseq::parse(Scanner& in) {
  MsPiggybackCseq header;
  if (!in.number(header.sequence)) return std::nullopt;
  return header;
}

}  // namespace kith::sip
