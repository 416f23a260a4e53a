#include "kith/sip/header/min_expires.h"

namespace kith::sip {

std::optional<MinExpires> MinExpires::parse(Scanner& in) {
  MinExpires header;
  if (!in.number(header.seconds)) return std::nullopt;
  return header;
}

}  // namespace kith::sip
