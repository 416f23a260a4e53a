#include "kith/sip/header/max_forwards.h"

namespace kith::sip {

std::optional<MaxForwards> MaxForwards::parse(Scanner& in) {
  MaxForwards header;
  if (!in.number(header.hops)) return std::nullopt;
  return header;
}

}  // namespace kith::sip
