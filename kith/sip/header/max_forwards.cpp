#include "kith/sip/header/max_forwards.h"

#include "kith/sip/shape/saturated.h"

namespace kith::sip {

std::optional<MaxForwards> MaxForwards::parse(Scanner& in) {
  MaxForwards header;
  if (!read_saturated(in, header.hops)) return std::nullopt;
  return header;
}

}  // namespace kith::sip
