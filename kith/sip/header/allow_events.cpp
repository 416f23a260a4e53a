#include "kith/sip/header/allow_events.h"

namespace kith::sip {

bool read(Scanner& in, AllowEventsView& to) { return read_event_type(in, to.package); }

}  // namespace kith::sip
