#include "kith/sip/header/content_length.h"

namespace kith::sip {

std::optional<ContentLength> ContentLength::parse(Scanner& in) {
  ContentLength header;
  if (!in.number(header.bytes)) return std::nullopt;
  return header;
}

}  // namespace kith::sip
