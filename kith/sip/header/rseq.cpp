#include "kith/sip/header/rseq.h"

namespace kith::sip {

std::optional<RSeq> RSeq::parse(Scanner& in) {
  RSeq header;
  if (!in.number(header.response_number) || header.response_number == 0) return std::nullopt;
  return header;
}

}  // namespace kith::sip
