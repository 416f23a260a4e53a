#include "kith/sip/header/flow_timer.h"

namespace kith::sip {

std::optional<FlowTimer> FlowTimer::parse(Scanner& in) {
  FlowTimer header;
  if (!in.number(header.seconds)) return std::nullopt;
  return header;
}

}  // namespace kith::sip
