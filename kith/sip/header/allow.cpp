#include "kith/sip/header/allow.h"

namespace kith::sip {

bool read(Scanner& in, AllowView& to) { return in.token(to.method); }

}  // namespace kith::sip
