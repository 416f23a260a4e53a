#include "kith/sip/header/max_breadth.h"

namespace kith::sip {

std::optional<MaxBreadth> MaxBreadth::parse(Scanner& in) {
  MaxBreadth header;
  if (!in.number(header.branches)) return std::nullopt;
  return header;
}

}  // namespace kith::sip
