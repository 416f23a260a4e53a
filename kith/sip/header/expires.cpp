#include "kith/sip/header/expires.h"

namespace kith::sip {

std::optional<Expires> Expires::parse(Scanner& in) {
  Expires header;
  if (!in.number(header.seconds)) return std::nullopt;
  return header;
}

}  // namespace kith::sip
