#include "kith/sip/header/allow_events.h"

namespace kith::sip {

bool read(Scanner& in, AllowEventsView& to) { return in.token(to.package); }

}  // namespace kith::sip
