#include "kith/sip/header/event.h"

namespace kith::sip {

bool read(Scanner& in, EventView& to) {
  return read_event_type(in, to.package) && read(in, to.params);
}

}  // namespace kith::sip
