#include "kith/sip/header/max_breadth.h"

namespace kith::sip {

std::optional<MaxBreadth> MaxBreadth::parse(Scanner& in) {
  MaxBreadth header;
  if (!in.number(header.branches)) return std::nullopt;
  if (header.branches == 0 && !in.allow("Max-Breadth of zero")) return std::nullopt;
  return header;
}

}  // namespace kith::sip
